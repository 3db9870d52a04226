// tier: postgres
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFilm } from '../support/make-film.ts'
import { redisIsMissing, startRedisServer } from '../support/redis-server.ts'
import { startTestApp, until } from '../support/start-test-app.ts'

const missing = process.env.RUSHES_TEST_DATABASE_URL
  ? redisIsMissing
  : 'only a PostgreSQL server can be shared (RUSHES_TEST_DATABASE_URL)'

test('people on two servers that share PostgreSQL and Redis hear each other, in order, and see who is here', {
  skip: missing,
}, async () => {
  await using redis = await startRedisServer()
  await using one = await startTestApp({ env: { TRANSCRIBER: 'none', REDIS_URL: redis.url } })
  await using other = await startTestApp({ env: { ...one.env, PORT: '0', ROLE: 'api' } })
  const { id } = await one.rushes.videos.upload(await makeFilm(join(one.dataDirectory, 'film.mp4'), { seconds: 2 }))
  await one.rushes.videos.untilReady(id)

  const ada = await one.rushes.rooms.join(id, { name: 'Ada' })
  const ben = await other.rushes.rooms.join(id, { name: 'Ben' })
  await until('they see each other', () => ada.members.length === 2 && ben.members.length === 2)
  const heard: Record<string, number[]> = { Ada: [], Ben: [] }
  ada.on('event', event => heard.Ada?.push(event.seq))
  ben.on('event', event => heard.Ben?.push(event.seq))
  await Promise.all(Array.from({ length: 30 }, (_, n) => (n % 2 ? ada : ben).send({ body: `line ${n}` })))
  await until('all are heard by both', () => heard.Ada?.length === 30 && heard.Ben?.length === 30)
  assert.deepEqual(heard.Ada, heard.Ben)
  assert.deepEqual(
    heard.Ada,
    Array.from({ length: 30 }, (_, n) => (heard.Ada?.[0] ?? 0) + n),
  )

  ben.leave()
  await until('Ben is gone', () => ada.members.length === 1)
  const health = await one.rushes.health()
  assert.equal(health.parts.redis?.ok, true)
  ada.leave()
})
