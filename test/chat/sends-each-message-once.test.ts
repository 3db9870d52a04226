// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { localCaller } from '../../server/platform/caller.ts'
import { personOf } from '../../server/platform/hub/index.ts'
import { lastingPermit } from '../../server/platform/permit.ts'
import type { Message } from '../../shared/index.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'

const database = await openDatabaseForFile()

test('a message is stored as it was sent, and the room is told', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const ada = member('Ada', videoId)
  const first = await send(room, ada, { videoId, clientId: '1', body: 'Look: a "quote"\n\\and more ☂' })
  const reply = await send(room, ada, { videoId, clientId: '2', body: 'Here.', atSeconds: 12.25, replyTo: first.id })
  const { kind, author, atSeconds, replyTo } = reply
  assert.deepEqual(
    { kind, author, atSeconds, replyTo },
    { kind: 'message', author: 'Ada', atSeconds: 12.25, replyTo: first.id },
  )
  assert.deepEqual(await room.chat.recent(videoId, 10), [first, reply])
  assert.deepEqual(room.told(videoId), [first, reply])
})

test('the same clientId again gives the same message and tells nobody', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const ada = member('Ada', videoId)
  const once = await send(room, ada, { videoId, clientId: 'same', body: 'once' })
  const again = await send(room, ada, { videoId, clientId: 'same', body: 'once' })
  assert.deepEqual(again, once)
  assert.deepEqual(room.told(videoId), [once])
})

test('the same clientId twice at once is one message, and another person may use it too', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const [ada, bob] = [member('Ada', videoId), member('Bob', videoId)]
  // The first goes alone; the others wait for it together and share the next commit.
  const sent = await Promise.all([
    send(room, ada, { videoId, clientId: 'first', body: 'first' }),
    send(room, ada, { videoId, clientId: 'same', body: 'twice' }),
    send(room, ada, { videoId, clientId: 'same', body: 'twice' }),
    send(room, bob, { videoId, clientId: 'same', body: 'mine' }),
  ])
  assert.equal(new Set(sent.map(message => message.id)).size, 3)
  assert.deepEqual(sent[1], sent[2])
  assert.equal(room.told(videoId).length, 3)
})

test('many who talk at once share a commit and a frame', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const before = room.frames.length
  const sent = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      send(room, member(`p${n}`, videoId), { videoId, clientId: 'c', body: `${n}` }),
    ),
  )
  assert.equal(room.told(videoId).length, 100)
  assert.ok(room.frames.length - before <= 3, `${room.frames.length - before} frames`)
  assert.deepEqual(
    (await room.chat.recent(videoId, 200)).map(message => message.body),
    sent.map(message => message.body),
  )
})

test('a message to a video that is gone fails alone', async () => {
  await using room = openChat(database)
  const [here, gone] = [await room.createVideo(), await room.createVideo()]
  const ada = member('Ada', here, gone)
  await send(room, ada, { videoId: gone, clientId: '0', body: 'still there' })
  await room.videos.remove(gone)
  const sent = await Promise.allSettled([
    send(room, ada, { videoId: here, clientId: '1', body: 'one' }),
    send(room, ada, { videoId: here, clientId: '2', body: 'two' }),
    send(room, ada, { videoId: gone, clientId: '0', body: 'too late' }),
    send(room, ada, { videoId: here, clientId: '3', body: 'three' }),
  ])
  assert.deepEqual(
    sent.map(each => each.status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  )
  assert.equal(sent[2]?.status === 'rejected' && sent[2].reason.code, 'video.not_found')
  assert.deepEqual(await room.chat.recent(gone, 10), [])
})

type Room = ReturnType<typeof openChat>
type Sent = Parameters<Room['chat']['live']['message.send']>[0]

const send = async (room: Room, caller: ReturnType<typeof member>, message: Sent): Promise<Message> =>
  (await room.chat.live['message.send'](message, caller)).message

test('two people of one name are two, and a person is one under any name', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const [ada, other] = [member('Ada', videoId), { ...member('another Ada', videoId), name: 'Ada' }]
  const mine = await send(room, ada, { videoId, clientId: '1', body: 'Cut it' })
  const theirs = await send(room, other, { videoId, clientId: '1', body: 'Keep it' })
  assert.deepEqual([mine.body, theirs.body], ['Cut it', 'Keep it'])
  assert.notEqual(mine.authorId, theirs.authorId)
  const renamed = await send(room, { ...ada, name: 'Ada (phone)' }, { videoId, clientId: '1', body: 'Cut it' })
  assert.deepEqual(renamed, mine)
  assert.equal(room.told(videoId).length, 2)
})

test('what was deleted does not come back when it is sent again, and nothing can reply to it', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const ada = member('Ada', videoId)
  const said = await send(room, ada, { videoId, clientId: '1', body: 'A secret' })
  await room.chat.live['message.delete']({ videoId, messageId: said.id }, ada)
  const gone = { code: 'message.not_found' }
  await assert.rejects(send(room, ada, { videoId, clientId: '1', body: 'A secret' }), gone)
  await assert.rejects(send(room, ada, { videoId, clientId: '2', body: 'Why?', replyTo: said.id }), gone)
  const { live } = room.chat
  await assert.rejects(live['message.edit']({ videoId, messageId: said.id, body: 'A secret' }, ada), gone)
  await assert.rejects(live['message.react']({ videoId, messageId: said.id, emoji: '👍', on: true }, ada), gone)
  assert.deepEqual(await room.chat.recent(videoId, 10), [])
  const rows = await database.db.execute(sql`select * from messages where id = ${said.id}`)
  assert.doesNotMatch(JSON.stringify(rows), /secret/)
})

test('a clientId names one thing of a sender: a message, or a question in these words', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const ada = member('Ada', videoId)
  const ask = (clientId: string, question: string) =>
    room.chat.live['question.ask']({ videoId, clientId, question }, ada)
  await send(room, ada, { videoId, clientId: 'm', body: 'Hello' })
  await assert.rejects(ask('m', 'When did it open?'), { code: 'request.invalid' })
  const { message } = await ask('q', 'When did it open?')
  await assert.rejects(ask('q', 'Who opened it?'), { code: 'request.invalid' })
  await assert.rejects(send(room, ada, { videoId, clientId: 'q', body: 'When did it open?' }), {
    code: 'request.invalid',
  })
  assert.equal((await ask('q', 'When did it open?')).message.id, message.id)
})

test('without a secret it is whoever asks from there under that name', () => {
  const local = localCaller(lastingPermit)
  const at = (address: string) => ({ by: local, address })
  const having = (id: string) => ({ by: { ...local, kind: 'key' as const, id }, address: '10.0.0.1' })
  const from = (origin: Parameters<typeof personOf>[1], name: string) => personOf({ name }, origin).sender
  assert.equal(from(at('10.0.0.1'), 'Zoe'), from(at('10.0.0.1'), 'Zoe'))
  assert.notEqual(from(at('10.0.0.1'), 'Zoe'), from(at('10.0.0.2'), 'Zoe'))
  assert.notEqual(from(at('10.0.0.1'), 'Zoe'), from(at('10.0.0.1'), 'Bo'))
  assert.notEqual(from(having('a'), 'Zoe'), from(having('b'), 'Zoe'))
  assert.equal(from({ ...having('a'), address: '10.0.0.2' }, 'Zoe'), from(having('a'), 'Zoe'))
  const zoe = { name: 'Zoe', person: 'a-secret-of-one-person' }
  assert.equal(personOf(zoe, having('a')).sender, personOf({ ...zoe, name: 'Zoe (phone)' }, having('b')).sender)
})
