// tier: postgres
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { createRushes, type RushesError } from '../../client-sdk/src/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, until } from '../support/start-test-app.ts'
import { allSay, doors, knockAtAll } from './every-door.ts'

/** Five are promised; on a machine that does much else, the test itself takes some. */
const withinSeconds = 10
const missing =
  !process.env.RUSHES_TEST_DATABASE_URL && 'only a PostgreSQL server can be shared (RUSHES_TEST_DATABASE_URL)'

test('a key that is made, revoked or deleted at one server is so at the other within 5 seconds, with what it has open', {
  skip: missing,
}, async t => {
  await using one = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  await using other = await startTestApp({ env: { ...one.env, PORT: '0', ROLE: 'api' } })
  const { id } = await one.rushes.videos.upload(await makeFilm(join(one.dataDirectory, 'film.mp4'), { seconds: 1 }))
  await one.rushes.videos.untilReady(id)
  const enter = async (token?: string) => {
    const room = await createRushes({ url: other.url, token }).rooms.join(id)
    t.after(room.leave)
    return { closed: new Promise<RushesError>(resolve => room.on('closed', resolve)) }
  }
  const keyless = await enter()

  const { secret, key } = await one.rushes.keys.create('first')
  // Who makes the first key is asked of the database, not of what a server knew two seconds ago.
  await assert.rejects(other.rushes.keys.create('mine'), { code: 'auth.required' })
  const is =
    (token: string | undefined, answer: string, at = other) =>
    async () =>
      (await doors.library?.(at.url, id, token)) === answer
  await until('the other takes it', is(secret, 'open'), withinSeconds)
  await until('and nobody without', is(undefined, 'auth.required'), withinSeconds)
  assert.deepEqual(await knockAtAll(other.url, id, undefined), allSay('auth.required'))
  assert.equal((await keyless.closed).code, 'auth.required')

  const holder = createRushes({ url: other.url, token: secret })
  const { thumbnail } = await holder.videos.signedUrls(id)
  assert.equal((await fetch(thumbnail)).status, 200)
  const spare = await holder.keys.create('spare')
  const entered = await enter(secret)
  await until('the first takes it', is(spare.secret, 'open', one), withinSeconds)
  await createRushes({ url: one.url, token: spare.secret }).keys.revoke(key.id)
  await until('the other refuses it', is(secret, 'auth.invalid'), withinSeconds)
  assert.deepEqual(await knockAtAll(other.url, id, secret), allSay('auth.invalid'))
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
