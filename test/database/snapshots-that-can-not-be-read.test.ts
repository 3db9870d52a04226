import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { keepSnapshots } from '../../server/platform/db/embedded/keep-snapshots.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { startTestApp } from '../support/start-test-app.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false
const log = createLog({ level: 'silent', pretty: false })
const plan = { kept: 3, everyHours: 24 }

test('a look at the snapshots that fails ends nothing, and the next one is taken when it can be', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-snapshots-'))
  t.after(() => rm(dataDirectory, { recursive: true, force: true }))
  const database = join(dataDirectory, 'database')
  mkdirSync(database)
  writeFileSync(join(database, 'rushes.json'), JSON.stringify({ since: '2020-01-01T00:00:00.000Z' }))
  const inItsPlace = join(dataDirectory, 'snapshots')
  writeFileSync(inItsPlace, 'a file')

  const keeping = keepSnapshots(dataDirectory, plan, log)
  const copied: string[] = []
  keeping.takeWhenDue(async to => {
    mkdirSync(to)
    copied.push(to)
  })
  t.mock.timers.tick(600_000)
  await turn()
  assert.equal(keeping.lastTaken(), undefined)
  assert.equal(copied.length, 0)

  rmSync(inItsPlace)
  t.mock.timers.tick(600_000)
  await keeping.stop()
  assert.equal(copied.length, 1)
  const taken = keeping.lastTaken()
  assert.ok(taken)
  rmSync(inItsPlace, { recursive: true })
  writeFileSync(inItsPlace, 'a file')
  assert.deepEqual(keeping.lastTaken(), taken, 'what was known is told while nothing can be read')
})

test('a server starts, and says how it is, while its snapshots can not be read', { skip }, async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none', LOG_LEVEL: 'silent' }, ownDatabase: true })
  const inItsPlace = join(app.dataDirectory, 'snapshots')
  writeFileSync(inItsPlace, 'a file')
  const again = await app.restart()
  try {
    assert.equal((await fetch(`${again.url}/metrics`)).status, 200)
    const health = await fetch(`${again.url}/health`)
    assert.equal(health.status, 200)
    const { parts } = (await health.json()) as { parts: { database: { ok: boolean } } }
    assert.equal(parts.database.ok, true)
  } finally {
    await again.stop()
  }
})

test('where the database is gone too, none is made, and the sentence says what can not be read', { skip }, async t => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-snapshots-'))
  t.after(() => rm(dataDirectory, { recursive: true, force: true }))
  writeFileSync(join(dataDirectory, 'snapshots'), 'a file')
  const opening = openDatabase({ url: null, dataDirectory, poolSize: 1, log })
  await assert.rejects(opening, /left where it is\. Whether there is a snapshot of it can't be read: ENOTDIR/)
})
