// tier: postgres
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { createFakePlayer } from '../support/fake-player.ts'
import { makeFilm } from '../support/make-film.ts'
import { redisIsMissing, startRedisServer } from '../support/redis-server.ts'
import { startServerProcess } from '../support/server-process.ts'
import { startTestApp, until } from '../support/start-test-app.ts'

const missing = process.env.RUSHES_TEST_DATABASE_URL
  ? redisIsMissing
  : 'only a PostgreSQL server can be shared (RUSHES_TEST_DATABASE_URL)'

/** docs/api.md says 8: a machine that does much else takes longer. */
const withinSeconds = 40

test('when a server is killed its people are gone in time, whoever led leads no more, and Redis may die too', {
  skip: missing,
}, async () => {
  await using redis = await startRedisServer()
  await using one = await startTestApp({ env: { TRANSCRIBER: 'none', REDIS_URL: redis.url } })
  const path = process.env.PATH ?? ''
  await using other = await startServerProcess({ ...one.env, PATH: path, PORT: '0', ROLE: 'api', LOG_LEVEL: 'info' })
  const { id } = await one.rushes.videos.upload(await makeFilm(join(one.dataDirectory, 'film.mp4'), { seconds: 2 }))

  const ada = await one.rushes.rooms.join(id, { name: 'Ada' })
  const ben = await createRushes({ url: other.url }).rooms.join(id, { name: 'Ben' })
  await until('they see each other', () => ada.members.length === 2 && ben.members.length === 2)
  const [leading, following] = [createFakePlayer(), createFakePlayer()]
  await ben.lead(leading)
  ada.follow(following)
  leading.currentTime = 1
  leading.play()
  await until('Ada plays along', () => !following.paused && Math.abs(following.currentTime - leading.currentTime) < 0.2)

  await other.kill()
  await until('Ben is gone', () => ada.members.length === 1, withinSeconds)
  await until('nobody leads', () => ada.playback.leader === null)
  assert.equal(following.paused, false)

  await redis[Symbol.asyncDispose]()
  const cleo = await one.rushes.rooms.join(id, { name: 'Cleo' })
  await until('who is at one server is seen without Redis', () => ada.members.length === 2)
  for (const room of [ada, ben, cleo]) room.leave()
})
