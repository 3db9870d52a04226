// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import type { Message } from '../../shared/index.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'
import { serveChat } from './serve-chat.ts'

const database = await openDatabaseForFile()

test('pages come newest first, each in order of time, and meet without gap or overlap', async () => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const bodies = Array.from({ length: 25 }, (_, n) => `message ${n}`)
  for (const body of bodies)
    await room.chat.live['message.send']({ videoId, clientId: body, body }, member('Ada', videoId))

  const pages: string[][] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&before=${cursor}`
    const { items, nextCursor } = await (
      await fetch(`${server.url}/api/videos/${videoId}/messages?limit=10${query}`)
    ).json()
    pages.unshift(items.map((message: { body: string }) => message.body))
    cursor = nextCursor
  }
  assert.deepEqual(
    pages.map(page => page.length),
    [5, 10, 10],
  )
  assert.deepEqual(pages.flat(), bodies)
})

test('a video without talk has an empty page; one that is not there is not found; a strange cursor is refused', async () => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const read = async (path: string) => {
    const response = await fetch(`${server.url}/api/videos/${path}`)
    const body = await response.json()
    return { status: response.status, code: body.error?.code, items: body.items, nextCursor: body.nextCursor }
  }
  assert.deepEqual(await read(`${videoId}/messages`), { status: 200, code: undefined, items: [], nextCursor: null })
  assert.equal((await read(`${uuidv7()}/messages`)).code, 'video.not_found')
  assert.equal((await read(`${videoId}/messages?before=nonsense`)).code, 'request.invalid')
})

test('the log says what comes before what, whatever the clock of whoever took it', async t => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const say = (body: string, replyTo?: Message['id']) =>
    room.chat.live['message.send'](
      { videoId, clientId: body, body, ...(replyTo && { replyTo }) },
      member('Ada', videoId),
    )
  const { message: first } = await say('first')
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() - 180_000 })
  await say('a reply', first.id)
  t.mock.timers.reset()
  await say('last')
  const pages = async (query: string) =>
    (await (await fetch(`${server.url}/api/videos/${videoId}/messages?${query}`)).json()) as {
      items: Message[]
      nextCursor: string
    }
  const bodies = ({ items }: { items: Message[] }) => items.map(({ body }) => body)
  assert.deepEqual(bodies(await pages('')), ['first', 'a reply', 'last'])
  const newest = await pages('limit=1')
  assert.deepEqual(bodies(newest), ['last'])
  assert.deepEqual(bodies(await pages(`limit=1&before=${newest.nextCursor}`)), ['a reply'])
  assert.deepEqual(
    (await room.chat.recent(videoId, 2)).map(({ body }) => body),
    ['a reply', 'last'],
  )
})

test('a page before a message that was deleted meanwhile still gives the older ones', async () => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const ada = member('Ada', videoId)
  const said: Message[] = []
  for (const body of ['one', 'two', 'three', 'four'])
    said.push((await room.chat.live['message.send']({ videoId, clientId: body, body }, ada)).message)
  const read = async (query: string) =>
    (await (await fetch(`${server.url}/api/videos/${videoId}/messages?limit=2${query}`)).json()) as {
      items: Message[]
      nextCursor: string
    }
  const { nextCursor } = await read('')
  const [, , third] = said
  assert.ok(third)
  await room.chat.live['message.delete']({ videoId, messageId: third.id }, ada)
  for (const before of [nextCursor, third.id])
    assert.deepEqual(
      (await read(`&before=${before}`)).items.map(({ body }) => body),
      ['one', 'two'],
    )
})
