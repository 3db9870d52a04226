import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import type { VideoId } from '../../shared/index.ts'
import { openChat, openDatabaseForFile } from './open-chat.ts'
import { serveChat } from './serve-chat.ts'

const database = await openDatabaseForFile()

const post = async (url: string, videoId: VideoId, body: object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/api/videos/${videoId}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const { message, error } = await response.json()
  return { status: response.status, message, error }
}

test('what is said without a socket stands in the room, with its place, its author and its mentions', async () => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const { videos } = createRushes({ url: server.url })
  const first = await videos.say(videoId, { body: ' hello ' })
  assert.deepEqual([first.author, first.body, first.kind, first.authorId], ['guest', 'hello', 'message', null])
  const span = { atSeconds: 1.5, endSeconds: 4, mentions: ['somebody'] }
  const reply = await videos.say(videoId, { body: 'and there', author: 'Ada', replyTo: first.id, ...span })
  const { author, atSeconds, endSeconds, mentions, replyTo } = reply
  assert.deepEqual({ author, atSeconds, endSeconds, mentions, replyTo }, { author: 'Ada', replyTo: first.id, ...span })
  assert.deepEqual((await videos.messages(videoId)).items, [first, reply])
  assert.deepEqual(room.told(videoId), [first, reply])
})

test('the same clientId, or Idempotency-Key, again gives the same message, also at once', async () => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const key = { 'idempotency-key': 'once' }
  const answers = await Promise.all([1, 2, 3].map(() => post(server.url, videoId, { body: 'hello' }, key)))
  answers.push(await post(server.url, videoId, { body: 'hello', clientId: 'once' }))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [201, 201, 201, 201],
  )
  assert.equal(new Set(answers.map(({ message }) => message.id)).size, 1)
  assert.equal(room.told(videoId).length, 1)
  assert.equal((await post(server.url, videoId, { body: 'x' }, { 'idempotency-key': 'x'.repeat(101) })).status, 422)
})

test('with the secret of a person it is theirs', async () => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const { videos } = createRushes({ url: server.url })
  const mine = await videos.say(videoId, { body: 'mine', author: 'Ada', person: 'a secret of my own' })
  const again = await videos.say(videoId, { body: 'mine too', author: 'Ada', person: 'a secret of my own' })
  assert.ok(mine.authorId)
  assert.equal(again.authorId, mine.authorId)
  assert.ok(!JSON.stringify(room.frames).includes('a secret of my own'))
})

test('a reply to what is not in this room is refused, and so are long messages, bad spans and videos that are gone', async () => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const [videoId, other, gone] = [await room.createVideo(), await room.createVideo(), await room.createVideo()]
  await room.videos.remove(gone)
  const { videos } = createRushes({ url: server.url })
  const elsewhere = await videos.say(other, { body: 'elsewhere' })
  await assert.rejects(videos.say(videoId, { body: 'what?', replyTo: elsewhere.id }), { code: 'message.not_found' })
  await assert.rejects(videos.say(videoId, { body: 'x'.repeat(4001) }), /body: a message has 4000 characters at most/)
  await assert.rejects(videos.say(videoId, { body: 'x', endSeconds: 3 }), { code: 'request.invalid' })
  await assert.rejects(videos.say(videoId, { body: 'x', atSeconds: 4, endSeconds: 3 }), { code: 'request.invalid' })
  await assert.rejects(videos.say(gone, { body: 'x' }), { code: 'video.not_found' })
  assert.deepEqual((await videos.messages(videoId)).items, [])
})
