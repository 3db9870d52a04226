import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { controlSocketPath } from '../../server/platform/http/index.ts'
import { flags, shared, startServerProcess } from '../support/server-process.ts'
import { testDatabase } from '../support/test-database.ts'

const script = new URL('../../scripts/rushes.ts', import.meta.url).pathname
let dataDirectory: string
let database: Awaited<ReturnType<typeof testDatabase>>
let env: Record<string, string>
before(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-keys-'))
  database = await testDatabase(dataDirectory)
  const quiet = { TRANSCRIBER: 'none', HLS_LADDER: 'off', PORT: '0' }
  env = {
    ...shared,
    PATH: process.env.PATH ?? '',
    TMPDIR: tmpdir(),
    DATA_DIR: dataDirectory,
    ...quiet,
    ...database.env,
  }
})
after(async () => {
  await database.drop()
  await rm(dataDirectory, { recursive: true, force: true })
})

/** `rushes keys …`, to its end. */
async function keys(args: string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...flags, script, 'keys', ...args], { env: { ...env, ...more } })
  const said = [child.stdout, child.stderr].map(async stream => Buffer.concat(await stream.toArray()).toString())
  const [code] = await once(child, 'close')
  const [out = '', error = ''] = await Promise.all(said)
  return { code, out: out.trim(), error }
}
const statusWith = async (url: string, key?: string) =>
  (await fetch(`${url}/api/videos`, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } })).status

test('where no server has ever been, there are no keys to show, and nothing is made', {
  skip: process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false,
}, async () => {
  const nowhere = join(dataDirectory, 'nowhere')
  const asked = await keys(['list'], { DATA_DIR: nowhere })
  assert.deepEqual([asked.code, existsSync(nowhere)], [1, false])
  assert.match(asked.error, /No Rushes has been started on .*nowhere: set DATA_DIR/)
})

test('without a server the command keeps the keys in the database; a running one is told, and obeys at once', async () => {
  const none = await keys(['list'])
  assert.deepEqual([none.code, none.out], [0, ''])
  const early = await keys(['create', 'early'])
  assert.equal(early.code, 0, early.error)

  await using server = await startServerProcess(env)
  assert.equal((await stat(controlSocketPath(dataDirectory))).mode & 0o777, 0o600)
  assert.deepEqual([await statusWith(server.url), await statusWith(server.url, early.out)], [401, 200])
  const made = JSON.parse((await keys(['create', 'on call', '--json'])).out)
  assert.equal(await statusWith(server.url, made.secret), 200)
  assert.equal(made.key.createdBy, 'operator')
  const listed = await keys(['list'])
  assert.match(listed.out, /^ID +NAME .*\n.* early +rushes_.*\n.* on call +rushes_/)
  assert.ok(!listed.out.includes(made.secret) && !listed.out.includes(early.out))

  const other = JSON.parse((await keys(['rotate', 'on call', '--grace', '60', '--json'])).out)
  assert.equal(other.key.id, made.key.id)
  for (const secret of [made.secret, other.secret]) assert.equal(await statusWith(server.url, secret), 200)
  const last = await keys(['rotate', made.key.id])
  for (const secret of [made.secret, other.secret]) assert.equal(await statusWith(server.url, secret), 401)
  assert.equal(await statusWith(server.url, last.out), 200)

  const afar = await keys(['revoke', 'early'], { RUSHES_URL: server.url, RUSHES_API_KEY: last.out })
  assert.equal(afar.code, 0, afar.error)
  assert.equal(await statusWith(server.url, early.out), 401)
  const revoked = await keys(['revoke', 'on call', '--url', server.url], { RUSHES_API_KEY: last.out })
  assert.equal(revoked.code, 0, revoked.error)
  assert.equal(await statusWith(server.url), 200)
})

test('what a killed server left is no server, and the next one takes its place', async () => {
  const first = await startServerProcess(env)
  await first.kill()
  await stat(controlSocketPath(dataDirectory))
  const made = await keys(['create', 'after the kill'])
  assert.equal(made.code, 0, made.error)
  await using next = await startServerProcess(env)
  assert.equal(await statusWith(next.url, made.out), 200)
  assert.equal((await keys(['revoke', 'after the kill'])).code, 0)
  assert.equal(await statusWith(next.url), 200)
  assert.equal(await next.stop(), 0)
  await assert.rejects(stat(controlSocketPath(dataDirectory)), { code: 'ENOENT' })
})

test('what can not be done is a sentence and 1, what is asked wrongly the usage and 2', async () => {
  const unknown = await keys(['revoke', 'nobody'])
  assert.deepEqual([unknown.code, unknown.out], [1, ''])
  assert.match(unknown.error, /^There is no API key nobody/)
  assert.equal((await keys(['create', 'RUSHES_API_KEY'])).code, 1)
  const nowhere = await keys(['list', '--url', 'http://127.0.0.1:1'])
  assert.deepEqual([nowhere.code, nowhere.error.trim()], [1, 'The server did not answer.'])
  for (const args of [['create'], ['frobnicate'], ['rotate', 'x', '--grace', 'long'], ['list', '--what']]) {
    const said = await keys(args)
    assert.deepEqual([said.code, said.out], [2, ''], args.join(' '))
    assert.match(said.error, /usage: npm run keys/)
  }
})

test('two keys of one name are told apart by their ids', async () => {
  const [one] = [await keys(['create', 'twin', '--json']), await keys(['create', 'twin', '--json'])]
  const unsure = await keys(['revoke', 'twin'])
  assert.equal(unsure.code, 1)
  assert.match(unsure.error, /2 keys are called twin/)
  assert.equal((await keys(['revoke', JSON.parse(one.out).key.id])).code, 0)
  assert.equal((await keys(['revoke', 'twin'])).code, 0)
})

test('the socket of a folder far down lies where its path is short enough', () => {
  const deep = join(tmpdir(), ...Array.from({ length: 12 }, (_, n) => `a folder of some length ${n}`))
  assert.ok(Buffer.byteLength(controlSocketPath(deep)) < 90)
  assert.notEqual(controlSocketPath(deep), controlSocketPath(`${deep}/other`))
  assert.equal(controlSocketPath('/srv/rushes'), '/srv/rushes/rushes.sock')
})
