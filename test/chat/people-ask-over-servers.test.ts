// tier: postgres
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { redisIsMissing, startRedisServer } from '../support/redis-server.ts'
import { startTestApp, until } from '../support/start-test-app.ts'
import { dictated, startModelServer } from './model-server.ts'

const missing = process.env.RUSHES_TEST_DATABASE_URL
  ? redisIsMissing
  : 'only a PostgreSQL server can be shared (RUSHES_TEST_DATABASE_URL)'
const captions = 'WEBVTT\n\n00:00.000 --> 00:01.000\nThe bridge opened in 1932.\n'

test('an answer reaches the rooms of both servers, late joiners too; each cancels and asks again what the other writes', {
  skip: missing,
}, async () => {
  const talks: ReturnType<typeof dictated>[] = []
  await using model = await startModelServer(() => {
    const talk = dictated()
    talks.push(talk)
    return { ending: 'end', deltas: talk.deltas }
  })
  await using redis = await startRedisServer()
  await using one = await startTestApp({ env: { REDIS_URL: redis.url, OPENAI_BASE_URL: model.baseUrl } })
  await using other = await startTestApp({ env: { ...one.env, PORT: '0', ROLE: 'api' } })
  const film = await makeFilm(join(one.dataDirectory, 'film.mp4'), { seconds: 2 })
  const { id } = await one.rushes.videos.upload(film, { captions })
  await one.rushes.videos.untilReady(id)
  const enter = (name: string, url: string) => createRushes({ url, name }).rooms.join(id)

  const [ada, ben] = [await enter('Ada', one.url), await enter('Ben', other.url)]
  const asked = ada.ask('When did the bridge open?')
  const first = await until('the model is asked', () => talks[0])
  first.say('It opened')
  await until('Ben reads it', () => ben.answers[0]?.text === 'It opened')
  const cleo = await enter('Cleo', other.url)
  assert.equal(cleo.answers[0]?.text, 'It opened')
  await cleo.cancelAnswer(cleo.answers[0]?.answerId ?? '')
  await assert.rejects(asked.text(), { code: 'answer.cancelled' })
  await until('it is over for all', () => [ada, ben, cleo].every(room => room.answers.length === 0))

  const questionId = ada.messages.find(message => message.kind === 'question')?.id ?? ''
  await ben.retryAnswer(questionId)
  const second = await until('the model is asked again', () => talks[1])
  second.say('In 1932')
  await until('Ada reads it', () => ada.answers[0]?.text === 'In 1932')
  await ada.retryAnswer(questionId)
  second.say('.')
  second.end()
  await until('all have it', () => [ada, ben, cleo].every(room => room.messages.at(-1)?.body === 'In 1932.'))
  assert.equal(model.requests.length, 2)
  for (const room of [ada, ben, cleo]) room.leave()
})
