import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import { copyFolder } from '../../server/platform/db/embedded/copy-folder.ts'
import { keepSnapshots } from '../../server/platform/db/embedded/keep-snapshots.ts'
import { createSnapshots } from '../../server/platform/db/embedded/snapshots.ts'
import { openEmbedded } from '../../server/platform/db/embedded.ts'
import { listSnapshots, openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false
const log = createLog({ level: 'silent', pretty: false })
const folder = await mkdtemp(join(tmpdir(), 'rushes-snapshots-'))
after(() => rm(folder, { recursive: true, force: true }))

const script = new URL('../../scripts/rushes.ts', import.meta.url).pathname
const rushes = (dataDirectory: string, ...words: string[]) =>
  promisify(execFile)(process.execPath, [script, 'database', ...words], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: dataDirectory },
  })

async function makeDirectory(): Promise<string> {
  const dataDirectory = await mkdtemp(join(folder, 'data-'))
  await testDatabase(dataDirectory)
  return dataDirectory
}
const open = (dataDirectory: string) => openDatabase({ url: null, dataDirectory, poolSize: 1, log })
const noteOf = (dataDirectory: string) => join(dataDirectory, 'database', 'rushes.json')
function changeNote(dataDirectory: string, change: object): void {
  const path = noteOf(dataDirectory)
  fs.writeFileSync(path, JSON.stringify({ ...JSON.parse(fs.readFileSync(path, 'utf8')), ...change }))
}

test('before an upgrade a snapshot is taken; the command brings it back, and sets aside what was there', {
  skip,
  timeout: 300_000,
}, async () => {
  const dataDirectory = await makeDirectory()
  const first = await open(dataDirectory)
  await first.db.execute(sql`create table kept (n int)`)
  await first.stop()
  assert.deepEqual(listSnapshots(dataDirectory), [], 'nothing was due')

  changeNote(dataDirectory, { rushes: '0.0.1' })
  const second = await open(dataDirectory)
  assert.ok(second.lastSnapshot?.())
  await second.db.execute(sql`drop table kept`)
  await assert.rejects(rushes(dataDirectory, 'restore', 'any'), /in use by another Rushes process/)
  await second.stop()
  const [snapshot, ...others] = listSnapshots(dataDirectory)
  assert.ok(snapshot && others.length === 0)
  assert.equal(snapshot.why, 'upgrade')

  const { stdout } = await rushes(dataDirectory, 'snapshots', '--json')
  assert.equal(JSON.parse(stdout).name, snapshot.name)
  await assert.rejects(rushes(dataDirectory, 'restore', '../database'), /There is no snapshot/)
  const restored = JSON.parse((await rushes(dataDirectory, 'restore', snapshot.name, '--json')).stdout)
  assert.ok(fs.existsSync(join(restored.aside, 'PG_VERSION')))
  const third = await open(dataDirectory)
  await third.db.execute(sql`select n from kept`)
  await third.stop()
})

test('one that runs is copied as it is at a moment, whole, while others write', {
  skip,
  timeout: 300_000,
}, async () => {
  const dataDirectory = await makeDirectory()
  changeNote(dataDirectory, { since: '2020-01-01T00:00:00.000Z' })
  const database = await openEmbedded({ dataDirectory, sync: true, snapshots: { kept: 3, everyHours: 24 }, log })
  await until('one that was due is taken', () => listSnapshots(dataDirectory)[0]?.why === 'daily')
  await database.connections.query({ text: 'create table numbers (n int)' })
  let [isWriting, written] = [true, 0]
  const writing = (async () => {
    while (isWriting) await database.connections.query({ text: 'insert into numbers values ($1)', values: [++written] })
  })()
  await until('some are written', () => written > 10)
  const before = written - 1
  const copied = await mkdtemp(join(folder, 'copied-'))
  await database.copyTo(join(copied, 'database'))
  isWriting = false
  await writing
  await database.stop()

  const copy = await open(copied)
  const [row] = await copy.db.execute<{ n: number; most: number }>(
    sql`select count(*)::int as n, max(n)::int as most from numbers`,
  )
  await copy.stop()
  assert.ok(row && row.n >= before && row.n <= written)
  assert.equal(row.n, row.most)
})

test('a folder that does not open is no snapshot, and pushes none out', { skip, timeout: 120_000 }, async () => {
  const dataDirectory = await makeDirectory()
  const names = ['01', '02', '03'].map(day => `2026-01-${day}T00-00-00Z-daily`)
  for (const name of names) fs.mkdirSync(join(dataDirectory, 'snapshots', name), { recursive: true })
  fs.writeFileSync(join(dataDirectory, 'database', 'global', 'pg_control'), Buffer.alloc(8192, 7))
  await assert.rejects(open(dataDirectory), /does not open.*restore 2026-01-03T00-00-00Z-daily.*lists the older ones/)
  assert.deepEqual(
    listSnapshots(dataDirectory).map(({ name }) => name),
    names.toReversed(),
  )
})

test('the newest are kept, and of them one is that before the last upgrade', async () => {
  const dataDirectory = await mkdtemp(join(folder, 'kept-'))
  const names = (all: { name: string }[]) => all.map(({ name }) => name)
  const days = ['01-upgrade', '02-upgrade', '03-daily', '04-daily', '05-daily'].map(it => it.split('-'))
  for (const [day, why] of days)
    fs.mkdirSync(join(dataDirectory, 'snapshots', `2026-01-${day}T00-00-00Z-${why}`), { recursive: true })
  fs.mkdirSync(join(dataDirectory, 'snapshots', 'mine'))
  const snapshots = createSnapshots(dataDirectory, { kept: 3 })
  const taken = await snapshots.take('daily', to => void fs.mkdirSync(to))
  assert.deepEqual(names(snapshots.list()), [taken.name, '2026-01-05T00-00-00Z-daily', '2026-01-02T00-00-00Z-upgrade'])
  assert.ok(fs.existsSync(join(dataDirectory, 'snapshots', 'mine')))
})

test('a copy that fails leaves nothing, and an upgrade waits for one that does not', async () => {
  const dataDirectory = await mkdtemp(join(folder, 'full-'))
  fs.mkdirSync(join(dataDirectory, 'database'))
  const snapshots = createSnapshots(dataDirectory, { kept: 3 })
  await assert.rejects(
    snapshots.take('daily', to => {
      fs.mkdirSync(to)
      throw new Error('ENOSPC')
    }),
    /ENOSPC/,
  )
  assert.deepEqual(fs.readdirSync(snapshots.folder), [])
  fs.rmdirSync(join(dataDirectory, 'database'))
  const keeping = keepSnapshots(dataDirectory, { kept: 3, everyHours: 24 }, log)
  await assert.rejects(
    keeping.takeBeforeUpgrade(),
    /Before an upgrade a snapshot is taken, and it failed.*DATABASE_SNAPSHOTS=0/,
  )
})

test('a database that is gone while its snapshots are there is not made anew', { skip }, async () => {
  const dataDirectory = await mkdtemp(join(folder, 'gone-'))
  fs.mkdirSync(join(dataDirectory, 'snapshots', '2026-01-01T00-00-00Z-daily'), { recursive: true })
  await assert.rejects(open(dataDirectory), /no database in .*database restore 2026-01-01T00-00-00Z-daily/)
  assert.equal(fs.existsSync(join(dataDirectory, 'database')), false)
})

test('there is no copy without room for it', () => {
  const [from, to] = [join(folder, 'large'), join(folder, 'copy')]
  fs.mkdirSync(from)
  // It has no bytes, but a size.
  fs.writeFileSync(join(from, 'sparse'), '')
  fs.truncateSync(join(from, 'sparse'), 2 ** 43)
  assert.throws(() => copyFolder(from, to), /wants \d+ MB, and \d+ MB are free/)
  assert.equal(fs.existsSync(to), false)
})
