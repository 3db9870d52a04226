import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createAccounts } from '../../server/accounts/index.ts'
import { operator } from '../../server/platform/caller.ts'
import { makeFilm } from '../support/make-film.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { allSay, connectSocketIo, doors, knockAtAll } from './every-door.ts'

let app: TestApp
let id: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  id = (await app.rushes.videos.upload(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))).id
  await app.rushes.videos.untilReady(id)
})
after(() => app[Symbol.asyncDispose]())

test('a server that wants no key refuses a wrong one all the same, at every door', async () => {
  assert.deepEqual(await knockAtAll(app.url, id, undefined), allSay('open'))
  assert.deepEqual(await knockAtAll(app.url, id, 'a key that nobody made'), allSay('auth.invalid'))
  for (const path of ['/health', '/openapi.json', `/api/videos/${id}/stream?token=m2.zzzzzzz.all.x`])
    assert.equal((await fetch(app.url + path, { headers: { authorization: 'Bearer wrong' } })).status, 401, path)
  assert.equal((await fetch(`${app.url}/api/videos/${id}/stream?token=wrong`)).status, 401)
})

test('a header that is there is a key, right or wrong, at every door', async () => {
  for (const authorization of ['Bearer a key that nobody made', 'Bearer', 'a key that nobody made', ''])
    assert.deepEqual(await knockAtAll(app.url, id, { authorization }), allSay('auth.invalid'), authorization)
  const askedByProxy = { authorization: 'Basic YTpi' }
  assert.deepEqual(await knockAtAll(app.url, id, askedByProxy), allSay('open'), 'what a proxy in front asked for')
  const key = 'the key that is configured, 32 characters'
  await using guarded = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: key } })
  assert.equal(await doors['Socket.IO']?.(guarded.url, id, { authorization: `Bearer ${key}` }), 'open')
  assert.equal(await doors['Socket.IO']?.(guarded.url, id, { authorization: `bearer ${key}` }), 'open')
  for (const none of [undefined, askedByProxy])
    assert.equal(await doors['Socket.IO']?.(guarded.url, id, none), 'auth.required')
})

test('what a socket shows as its key and is no text is a wrong key', async () => {
  for (const token of [5, true, {}, [['deep']]]) {
    const socket = connectSocketIo(app.url, { token })
    const refusal = await new Promise<string>(resolve => {
      socket.on('connect', () => resolve('open'))
      socket.on('connect_error', fault => {
        resolve((fault as unknown as { data: { error: { code: string } } }).data.error.code)
      })
    })
    socket.close()
    assert.equal(refusal, 'auth.invalid', JSON.stringify(token))
  }
})

test('a wrong key costs no query, and neither does a right one', async () => {
  await using opened = await openTestDatabase()
  let queries = 0
  const counted = new Proxy(opened.database.db, {
    get(db, name) {
      queries++
      return Reflect.get(db, name, db)
    },
  })
  const database = { ...opened.database, db: counted }
  const accounts = await createAccounts({ database, configuredKey: undefined, isLoopback: true, log: opened.log })
  const { secret } = await accounts.keys.create({ name: 'right', by: operator })
  const show = (token: string) => accounts.authenticate({ token, origin: undefined, host: undefined })
  await accounts.stop()
  const before = queries
  for (let n = 0; n < 1000; n++) {
    await assert.rejects(show(`wrong ${n}`), { code: 'auth.invalid' })
    assert.equal((await show(secret)).name, 'right')
  }
  assert.equal(queries, before)
})

test('while the database is away, the keys that were known hold', async () => {
  await using opened = await openTestDatabase()
  let isAway = false
  const failing = new Proxy(opened.database.db, {
    get(db, name) {
      if (isAway) throw new Error('the database is away')
      return Reflect.get(db, name, db)
    },
  })
  const database = { ...opened.database, db: failing }
  const accounts = await createAccounts({ database, configuredKey: undefined, isLoopback: true, log: opened.log })
  const { secret, key } = await accounts.keys.create({ name: 'kept', by: operator })
  const show = () => accounts.authenticate({ token: secret, origin: undefined, host: undefined })
  isAway = true
  await assert.rejects(accounts.keys.list(), /away/)
  await new Promise(resolve => setImmediate(resolve))
  assert.equal((await show()).id, key.id)
  await accounts.stop()
})
