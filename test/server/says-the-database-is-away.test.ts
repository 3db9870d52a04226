// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dictated, startModelServer } from '../chat/model-server.ts'
import { storeFilm } from '../page/harbour-film.ts'
import { noServer, openPostgres } from '../support/open-postgres.ts'
import { emptyRoom, enterAs } from '../support/people.ts'
import { startTestApp, until } from '../support/start-test-app.ts'

test('while the database is away people are told so, and when it is back what they said is there, once', {
  skip: noServer,
  timeout: 60_000,
}, async () => {
  await using server = await openPostgres()
  await using app = await startTestApp({ env: { DATABASE_URL: server.url, TRANSCRIBER: 'none' } })
  const videoId = await emptyRoom(app)
  const [ada, ben] = [await enterAs(app, 'Ada', videoId), await enterAs(app, 'Ben', videoId)]
  const heard: string[] = []
  ben.on('event', event => event.type === 'message.created' && heard.push(event.payload.message.body))
  await ada.send({ body: 'before' })

  server.proxy.cut()
  await assert.rejects(app.rushes.videos.list(), { code: 'database.unavailable', status: 503 })
  // The client knows that trying again helps.
  const said = Promise.all(['one', 'two', 'three'].map(body => ada.send({ body })))
  await until('it is not ready', async () => (await fetch(`${app.url}/health/ready`)).status === 503)

  server.proxy.mend()
  await said
  assert.deepEqual((await app.rushes.videos.list()).items.length, 1)
  await until('all is heard', () => heard.length >= 4)
  assert.deepEqual(heard.toSorted(), ['before', 'one', 'three', 'two'])
  ada.leave()
  ben.leave()
})

test('an answer that was read while the database went away is stored when it is back', {
  skip: noServer,
  timeout: 60_000,
}, async () => {
  const talk = dictated()
  await using model = await startModelServer(() => ({ ending: 'end', deltas: talk.deltas }))
  await using server = await openPostgres()
  const language = { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'stand-in' }
  await using app = await startTestApp({ env: { DATABASE_URL: server.url, ...language } })
  const { id } = await storeFilm(app)
  const ada = await enterAs(app, 'Ada', id)
  const answer = ada.ask('When was the crane repaired?')
  talk.say('In ')
  await until('its first word', () => ada.answers[0]?.text === 'In')
  server.proxy.cut()
  talk.say('March.')
  talk.end()
  await until('it is not ready', async () => (await fetch(`${app.url}/health/ready`)).status === 503)
  server.proxy.mend()
  const message = await answer.message()
  assert.equal(message.body, 'In March.')
  assert.ok((await app.rushes.videos.messages(id)).items.some(each => each.id === message.id))
  ada.leave()
})
