import assert from 'node:assert/strict'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { createRushes, type RushesError } from '../../client-sdk/src/index.ts'
import { createAccounts } from '../../server/accounts/index.ts'
import { operator } from '../../server/platform/caller.ts'
import { makeFilm } from '../support/make-film.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { allSay, knockAtAll } from './every-door.ts'

const friend = 'https://app.example.org'
let app: TestApp
let id: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', CORS_ORIGINS: friend } })
  id = (await app.rushes.videos.upload(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))).id
  await app.rushes.videos.untilReady(id)
})
after(() => app[Symbol.asyncDispose]())

let secret: string | undefined
/** Opens the server again. */
afterEach(async () => {
  if (secret === undefined) return
  const { keys } = createRushes({ url: app.url, token: secret })
  for (const { id } of (await keys.list()).items) await keys.revoke(id)
  secret = undefined
})

/** As a browser would: `fetch` sends no headers of this kind. */
async function post(headers: Record<string, string>, body = JSON.stringify({ name: 'foreign' })): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(`${app.url}/api/keys`, { method: 'POST', headers }, answer => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

test('no page of another origin makes the first key, however it asks', async () => {
  const { host, port } = new URL(app.url)
  const json = { 'content-type': 'application/json' }
  const pages = {
    'a page of elsewhere': { ...json, origin: 'https://elsewhere.example' },
    'the same, as a form would': { 'content-type': 'text/plain', origin: 'https://elsewhere.example' },
    'a page in a sandbox': { ...json, origin: 'null' },
    'another program on this machine': { ...json, origin: 'http://localhost:5173' },
    'the same, under this name': { ...json, origin: 'http://127.0.0.1:1' },
    'without Origin, but said by the browser': { ...json, 'sec-fetch-site': 'cross-site' },
    'of another port, said by the browser': { ...json, 'sec-fetch-site': 'same-site' },
    'a name that was bound to this address': { ...json, host: `evil.test:${port}`, origin: `http://evil.test:${port}` },
    'the same without Origin': { ...json, host: `evil.test:${port}` },
    'a page that may use this server': { ...json, origin: friend },
    'the same, under our host': { ...json, host, origin: friend, 'sec-fetch-site': 'cross-site' },
  }
  for (const [name, headers] of Object.entries(pages)) assert.equal(await post(headers), 403, name)
  assert.ok((await post({ 'content-type': 'text/plain' })) >= 400, 'no JSON')
  assert.equal((await fetch(`${app.url}/api/keys`, { headers: { origin: friend } })).status, 403)
  assert.deepEqual((await app.rushes.keys.list()).items, [])
  assert.equal(
    (await fetch(`${app.url}/api/videos`, { headers: { origin: friend } })).status,
    200,
    'which still may use it',
  )
})

test('the first key shuts out those without one, also from what they have open; the last one lets them in again', async () => {
  const room = await app.rushes.rooms.join(id)
  const closed = new Promise<RushesError>(resolve => room.on('closed', resolve))
  const following = app.rushes.videos.follow(id, { since: room.seq }).next()
  const refused = assert.rejects(following, { code: 'auth.required' })
  const first = await app.rushes.keys.create('  the first\t'.trim())
  secret = first.secret
  assert.deepEqual([first.key.name, first.key.createdBy], ['the first', 'local'])
  assert.ok(first.secret.startsWith(first.key.start ?? '?') && first.secret.length > 40)
  assert.equal((await closed).code, 'auth.required')
  await refused
  assert.deepEqual(await knockAtAll(app.url, id, undefined), allSay('auth.required'))
  assert.deepEqual(await knockAtAll(app.url, id, secret), allSay('open'))

  const { keys } = createRushes({ url: app.url, token: secret })
  const second = await keys.create('another', { idempotencyKey: 'once' })
  assert.equal(second.key.createdBy, 'the first')
  await assert.rejects(keys.create('another', { idempotencyKey: 'once' }), {
    code: 'key.already_made',
    details: { id: second.key.id },
  })
  const list = await keys.list()
  assert.deepEqual(
    list.items.map(({ name }) => name),
    ['the first', 'another'],
  )
  assert.ok(!JSON.stringify(list).includes(second.secret))
  await keys.revoke(second.key.id)
  await keys.revoke(first.key.id)
  secret = undefined
  assert.deepEqual(await knockAtAll(app.url, id, undefined), allSay('open'))
  assert.deepEqual((await app.rushes.keys.list()).items, [])
})

test('a name that is none is refused, and that of the configured key', async () => {
  for (const name of ['', '   ', 'a\nb', 'a\u0000b', 'x'.repeat(101), 'RUSHES_API_KEY'])
    await assert.rejects(app.rushes.keys.create(name), { code: 'request.invalid', status: 422 }, JSON.stringify(name))
  for (const id of ['nothing', 'x%00y', '0190aaaa-0000-7000-8000-000000000000'])
    await assert.rejects(app.rushes.keys.revoke(id), { code: 'key.not_found', status: 404 })
})

test('where others reach the server it never opens, not even without any key', async () => {
  await using opened = await openTestDatabase()
  const { database, log } = opened
  const accounts = await createAccounts({ database, configuredKey: undefined, isLoopback: false, log })
  const { key } = await accounts.keys.create({ name: 'only', by: operator })
  await accounts.keys.revoke(key.id)
  assert.equal(accounts.anyKey(), false)
  const asked = { token: undefined, origin: undefined, host: '127.0.0.1' }
  await assert.rejects(accounts.authenticate(asked), { code: 'auth.required', message: /npm run keys/ })
  await accounts.stop()
})
