import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memberIdOf } from '../../server/platform/hub/index.ts'
import type { VideoId } from '../../shared/index.ts'
import { until } from '../support/until.ts'
import { spoken } from './captions.ts'
import { startModelServer } from './model-server.ts'
import { openChat, openDatabaseForFile } from './open-chat.ts'
import { serveChat } from './serve-chat.ts'

const database = await openDatabaseForFile()
const segments = spoken('Welcome to the show.', 'The bridge opened in 1932.')
const question = 'When did the bridge open?'

test('asked for JSON, the whole answer comes as one message', async () => {
  await using room = openChat(database, { segments })
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const response = await ask(server.url, videoId, { question })
  const { message } = await response.json()
  assert.equal(response.status, 200)
  assert.equal(message.kind, 'answer')
  assert.equal(message.citations[0].text, 'The bridge opened in 1932.')
  assert.deepEqual(
    room.told(videoId).map(told => told.author),
    ['guest', 'extractive'],
  )
})

test('asked for events, it streams: what it is called, deltas, citations, done', async () => {
  await using room = openChat(database, { segments })
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const response = await ask(server.url, videoId, { question, author: 'Ada' }, 'text/event-stream')
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const [asked, ...events] = parse(await response.text())
  const deltas = events.filter(({ event }) => event === 'delta')
  assert.deepEqual(
    events.slice(deltas.length).map(({ event }) => event),
    ['citations', 'done'],
  )
  assert.deepEqual(
    deltas.map(({ data }) => data.index),
    deltas.map((_, index) => index),
  )
  const done = events.at(-1)?.data
  assert.equal(deltas.map(({ data }) => data.text).join(''), done.message.body)
  assert.deepEqual(events.at(-2)?.data.citations, done.message.citations)
  assert.equal(deltas[0]?.data.answerId, done.message.id)
  assert.equal(asked?.event, 'asked')
  assert.deepEqual(asked.data, { questionId: done.message.replyTo, answerId: done.message.id })
})

test('the same clientId again brings the same answer, whole', async () => {
  await using room = openChat(database, { segments })
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const body = { question, clientId: 'mine' }
  const { message } = await (await ask(server.url, videoId, body)).json()
  const again = parse(await (await ask(server.url, videoId, body, 'text/event-stream')).text())
  assert.deepEqual(again.at(-1)?.data.message, message)
  assert.equal(again[1]?.data.text, message.body)
  assert.equal(room.noticed('answer.started').length, 1)
})

test('an Idempotency-Key does what a clientId does', async () => {
  await using room = openChat(database, { segments })
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'once' }
  const post = () =>
    fetch(`${server.url}/api/videos/${videoId}/ask`, { method: 'POST', headers, body: JSON.stringify({ question }) })
  const [first, again] = await Promise.all([(await post()).json(), (await post()).json()])
  assert.equal(again.message.id, first.message.id)
  assert.equal(room.noticed('answer.started').length, 1)
})

test('faults: no such video is 404, both ways; a model that breaks off is 502, or the event `failed`', async () => {
  await using model = await startModelServer(() => ({ ending: 'cut', deltas: ['It'] }))
  await using room = openChat(database, { segments, baseUrl: model.baseUrl })
  await using server = await serveChat(room.chat)
  const gone = await room.createVideo()
  await room.videos.remove(gone)
  for (const accept of ['application/json', 'text/event-stream'])
    assert.equal((await ask(server.url, gone, { question }, accept)).status, 404)
  const videoId = await room.createVideo()
  const refused = await ask(server.url, videoId, { question })
  assert.equal(refused.status, 502)
  assert.equal((await refused.json()).error.code, 'answer.failed')
  const failed = parse(await (await ask(server.url, videoId, { question }, 'text/event-stream')).text()).at(-1)
  assert.equal(failed?.event, 'failed')
  assert.equal(failed.data.error.code, 'answer.failed')
})

for (const accept of ['application/json', 'text/event-stream']) {
  test(`a caller of ${accept} who goes away ends the answer`, async () => {
    await using model = await startModelServer(() => ({ ending: 'stall', deltas: ['It opened'] }))
    await using room = openChat(database, { segments, baseUrl: model.baseUrl })
    await using server = await serveChat(room.chat)
    const videoId = await room.createVideo()
    const caller = new AbortController()
    const asked = ask(server.url, videoId, { question }, accept, caller.signal).then(response => response.text())
    await until('the first word', () => room.noticed('answer.delta').length === 1)
    caller.abort()
    await assert.rejects(asked)
    assert.equal((await until('answer.failed', () => room.noticed('answer.failed')[0])).error.code, 'answer.cancelled')
    await until('the model was hung up on', () => model.hungUp() === 1)
  })
}

const ask = (url: string, videoId: VideoId, body: object, accept = 'application/json', signal?: AbortSignal) =>
  fetch(`${url}/api/videos/${videoId}/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  })

const parse = (text: string) =>
  text
    .trim()
    .split('\n\n')
    .map(block => {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? []
      return { event, data: JSON.parse(data ?? 'null') }
    })

test('who asks with `person` is that person in the room, under any name', async () => {
  await using room = openChat(database, { segments })
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const person = 'a-secret-of-one-person'
  const once = await (await ask(server.url, videoId, { question, clientId: 'x', author: 'Ada', person })).json()
  const renamed = await (await ask(server.url, videoId, { question, clientId: 'x', author: 'Bo', person })).json()
  assert.equal(renamed.message.id, once.message.id)
  const [asked] = await room.chat.recent(videoId, 2)
  assert.equal(asked?.authorId, memberIdOf(person))
  const others = await ask(server.url, videoId, { question, clientId: 'x', author: 'Ada' })
  assert.notEqual((await others.json()).message.id, once.message.id)
})
