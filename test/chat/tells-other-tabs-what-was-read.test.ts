import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReadMarks } from '../../server/chat/read-marks.ts'
import type { Bus, Notify } from '../../server/platform/hub/index.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'

const database = await openDatabaseForFile()

type Heard = (payload: object, from: string) => void

/** Two servers that hear each other. */
function linked(): [Bus, Bus] {
  const listeners = { one: new Map<string, Heard>(), other: new Map<string, Heard>() }
  const end = (serverId: 'one' | 'other', elsewhere: 'one' | 'other'): Bus => ({
    serverId,
    isShared: true,
    publish: (kind, payload) => listeners[elsewhere].get(kind)?.(payload, serverId),
    on(kind, schema, listener) {
      listeners[serverId].set(kind, (payload, from) => listener(schema.parse(payload), from))
      return () => listeners[serverId].delete(kind)
    },
  })
  return [end('one', 'other'), end('other', 'one')]
}

/** The marks of one server, and what it told its connections. */
function marksOf(bus: Bus) {
  const told: object[] = []
  const notifyHere: Notify = (_, name, payload) => void told.push({ name, ...payload })
  return { told, ...createReadMarks({ database, notifyHere, onLeft: () => {}, bus }) }
}

test('only servers where the same person has another connection tell it on', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const [one, other] = linked().map(marksOf) as [ReturnType<typeof marksOf>, ReturnType<typeof marksOf>]
  const [ada, adaElsewhere, ben] = [member('Ada', videoId), member('Ada', videoId), member('Ben', videoId)]
  for (const caller of [ada, ben]) await one.arrive(videoId, caller, 0)
  await other.arrive(videoId, adaElsewhere, 0)

  await room.chat.live['message.send']({ videoId, clientId: '1', body: 'hello' }, ben)
  const { seq } = await one.read(videoId, ada, 1)
  const { memberId } = ada
  assert.deepEqual([one.told, other.told], [[], [{ name: 'read', videoId, memberId, seq: 1 }]])
  await one.read(videoId, ada, seq)
  assert.equal(other.told.length, 1, 'a mark that did not move is told to nobody')
  await one.read(videoId, ben, 2)
  assert.equal(other.told.length, 1, 'Ben is nowhere else')

  await one.arrive(videoId, member('Ada', videoId), 0)
  await one.read(videoId, ada, 3)
  assert.deepEqual([one.told.length, other.told.length], [1, 2])
})

test('whoever was here before is met by what they have not seen, up to where the log was', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const [ada, ben] = [member('Ada', videoId), member('Ben', videoId)]
  assert.deepEqual(await room.chat.arrive(videoId, ada, 0), { seq: 0, messages: 0, mentions: 0 })
  const say = (clientId: string, mentions: string[] = []) =>
    room.chat.live['message.send']({ videoId, clientId, body: clientId, mentions }, ben)
  const head = async () => (await room.chat.live['room.read']({ videoId, seq: 1_000_000 }, ben)).unread.seq
  await say('one', [ada.memberId])
  const upToOne = await head()
  await say('two')
  assert.deepEqual(await room.chat.arrive(videoId, ada, upToOne), { seq: 0, messages: 1, mentions: 1 })
  assert.deepEqual(await room.chat.arrive(videoId, ada, await head()), { seq: 0, messages: 2, mentions: 1 })
  const passing = { ...ada, isLasting: false }
  assert.deepEqual(await room.chat.arrive(videoId, passing, upToOne), { seq: upToOne, messages: 0, mentions: 0 })
})
