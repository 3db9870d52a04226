import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { createRushes } from '../../client-sdk/src/index.ts'
import { parseConfig } from '../../server/config.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { makeFilm } from '../support/make-film.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

let dataDirectory: string
let database: Awaited<ReturnType<typeof testDatabase>>
let env: Record<string, string>
before(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-start-'))
  database = await testDatabase(dataDirectory)
  env = { PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), DATA_DIR: dataDirectory, PORT: '0', ...database.env }
})
after(async () => {
  await database.drop()
  await rm(dataDirectory, { recursive: true, force: true })
})

const scriptOf = (path: string) => new URL(`../../${path}`, import.meta.url).pathname

/** Runs to its end. */
async function run(path: string, given: { args?: string[]; env?: Record<string, string> } = {}) {
  const child = spawn(process.execPath, [scriptOf(path), ...(given.args ?? [])], { env: { ...env, ...given.env } })
  const said = { out: '', error: '' }
  child.stdout.on('data', chunk => {
    said.out += chunk
  })
  child.stderr.on('data', chunk => {
    said.error += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...said }
}

test('every fault of the configuration is told at once, by name', () => {
  assert.throws(
    () => parseConfig({ PORT: 'many', TRANSCRIBER: 'ears', MAX_UPLOAD_BYTES: '-1' }),
    /3 faults.*PORT:.*MAX_UPLOAD_BYTES:.*TRANSCRIBER:/s,
  )
  assert.throws(() => parseConfig({ ROLE: 'worker' }), /ROLE: .*DATABASE_URL/s)
  assert.throws(
    () => parseConfig({ DATABASE_URL: 'hunter2' }),
    (fault: Error) => !fault.message.includes('hunter2'),
  )
  assert.ok(Object.isFrozen(parseConfig({ PORT: '' })))
})

test('a variable goes on working under its older name; two that differ are a fault', () => {
  const sizes = (given: Record<string, string>) => parseConfig(given).HLS_LADDER
  assert.deepEqual(sizes({ HLS_RUNGS: '720,480' }), [720, 480])
  assert.deepEqual(sizes({ HLS_LADDER: '720', HLS_RUNGS: ' ' }), [720])
  assert.deepEqual(sizes({ HLS_LADDER: 'off', HLS_RUNGS: 'off' }), [])
  assert.throws(
    () => sizes({ HLS_LADDER: '720', HLS_RUNGS: 'off' }),
    /HLS_LADDER: HLS_RUNGS is its older name.*720 and off/s,
  )
  assert.throws(() => sizes({ HLS_RUNGS: 'many' }), /HLS_LADDER: heights.*"many"/s)
})

test('on an address that others reach it does not start without an API key, and says how to make one; with one it does', {
  timeout: 60_000,
}, async () => {
  const refused = await run('server/main.ts', { env: { HOST: '0.0.0.0' } })
  assert.equal(refused.code, 1)
  assert.match(refused.error, /0\.0\.0\.0.*API key.*npm run keys/s)

  const made = await run('scripts/keys.ts', { args: ['create', 'test'] })
  assert.equal(made.code, 0, made.error)
  const key = made.out.trim()
  assert.match(key, /^rushes_/)
  await using server = await startServerProcess({ ...env, HOST: '0.0.0.0' })
  const url = server.url.replace('0.0.0.0', '127.0.0.1')
  await assert.rejects(createRushes({ url }).videos.list(), { code: 'auth.required' })
  assert.deepEqual((await createRushes({ url, token: key }).videos.list()).items, [])
  await assertKeyIsHashed(server, key)
})

async function assertKeyIsHashed(server: ServerProcess, key: string): Promise<void> {
  await server.stop()
  const log = createLog({ level: 'silent', pretty: false })
  const opened = await openDatabase({ url: env.DATABASE_URL ?? null, dataDirectory, poolSize: 2, log })
  const rows = await opened.db.execute(sql`select * from api_keys`)
  assert.equal(rows.length, 1)
  assert.equal(JSON.stringify(rows).includes(key), false)
  await opened.stop()
}

test('a second server on the same port or data directory ends with a sentence', { timeout: 60_000 }, async () => {
  await using first = await startServerProcess({ ...env, RUSHES_API_KEY: 'long enough to be a key' })
  const elsewhere = await mkdtemp(join(tmpdir(), 'rushes-start-'))
  const samePort = await run('server/main.ts', { env: { DATA_DIR: elsewhere, PORT: new URL(first.url).port } })
  assert.equal(samePort.code, 1)
  assert.match(samePort.error, /another program listens there; set PORT/)
  if (!env.DATABASE_URL) {
    const sameData = await run('server/main.ts')
    assert.equal(sameData.code, 1)
    assert.match(sameData.error, /in use by another Rushes process/)
  }
  await rm(elsewhere, { recursive: true, force: true })
})

/** Processes that it started and that still run, by any of its threads. */
async function childrenOf(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`)
  const lists = await Promise.all(
    threads.map(thread => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  )
  return lists.flatMap(list => list.split(' ').filter(Boolean))
}

test('told to end in the middle of its work it ends, with 0, and takes its children along', {
  timeout: 60_000,
  skip: process.platform !== 'linux' && 'reads /proc',
}, async () => {
  await using server = await startServerProcess({
    ...env,
    RUSHES_API_KEY: 'long enough to be a key',
    TRANSCRIBER: 'pocketsphinx',
  })
  const rushes = createRushes({ url: server.url, token: 'long enough to be a key' })
  const says =
    'the first reel was shot in the morning. the second reel was shot at noon. the third reel was shot at night.'
  const film = await makeFilm(join(dataDirectory, 'film.mp4'), { seconds: 30, says })
  const { id } = await rushes.videos.upload(film)
  await until('it is being heard', async () => (await rushes.videos.get(id)).transcriptState === 'running')
  const children = await until('a child is at work', async () => {
    const found = await childrenOf(server.pid)
    return found.length > 0 && found
  })
  assert.equal(await server.stop(), 0)
  assert.deepEqual(
    children.filter(pid => existsSync(`/proc/${pid}/exe`)),
    [],
  )
})
