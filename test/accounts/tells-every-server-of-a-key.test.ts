import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { createRushes, type RushesError } from '../../client-sdk/src/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, until } from '../support/start-test-app.ts'
import { allSay, knockAtAll } from './every-door.ts'

const withinSeconds = 5
const missing =
  !process.env.RUSHES_TEST_DATABASE_URL && 'only a PostgreSQL server can be shared (RUSHES_TEST_DATABASE_URL)'

test('a key that is made, revoked or deleted at one server is so at the other within 5 seconds, with what it has open', {
  skip: missing,
}, async () => {
  await using one = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  await using other = await startTestApp({ env: { ...one.env, PORT: '0', ROLE: 'api' } })
  const { id } = await one.rushes.videos.upload(await makeFilm(join(one.dataDirectory, 'film.mp4'), { seconds: 1 }))
  await one.rushes.videos.untilReady(id)
  const enter = async (token?: string) => {
    const room = await createRushes({ url: other.url, token }).rooms.join(id)
    return { closed: new Promise<RushesError>(resolve => room.on('closed', resolve)) }
  }
  const keyless = await enter()

  const { secret, key } = await one.rushes.keys.create('first')
  // Who makes the first key is asked of the database, not of what a server knew two seconds ago.
  await assert.rejects(other.rushes.keys.create('mine'), { code: 'auth.required' })
  const is = (token: string | undefined, answer: string) => async () => {
    const said = await knockAtAll(other.url, id, token)
    return JSON.stringify(said) === JSON.stringify(allSay(answer))
  }
  await until('the other takes it', is(secret, 'open'), withinSeconds)
  await until('and nobody without', is(undefined, 'auth.required'), withinSeconds)
  assert.equal((await keyless.closed).code, 'auth.required')

  const holder = createRushes({ url: other.url, token: secret })
  const { thumbnail } = await holder.videos.signedUrls(id)
  assert.equal((await fetch(thumbnail)).status, 200)
  const spare = await holder.keys.create('spare')
  const entered = await enter(secret)
  await createRushes({ url: one.url, token: spare.secret }).keys.revoke(key.id)
  await until('the other refuses it', is(secret, 'auth.invalid'), withinSeconds)
  assert.equal((await entered.closed).code, 'auth.invalid')
  assert.equal((await fetch(thumbnail)).status, 401)

  assert.ok(await is(spare.secret, 'open')())
  const { DATABASE_URL: url = '' } = one.env
  const log = createLog({ level: 'silent', pretty: false })
  const database = await openDatabase({ url, dataDirectory: one.dataDirectory, poolSize: 1, log })
  await database.db.execute(sql`delete from api_keys where id = ${spare.key.id}`)
  await database.stop()
  await until('one whose row is gone, too', is(spare.secret, 'auth.invalid'), withinSeconds)
})
