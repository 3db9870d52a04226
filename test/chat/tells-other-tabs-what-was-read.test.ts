import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bus } from '../../server/platform/hub/index.ts'
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
    on(kind, listener) {
      listeners[serverId].set(kind, listener as Heard)
      return () => listeners[serverId].delete(kind)
    },
  })
  return [end('one', 'other'), end('other', 'one')]
}

test('only servers where the same person has another connection tell it on', async () => {
  const [oneBus, otherBus] = linked()
  await using one = openChat(database, { bus: oneBus })
  await using other = openChat(database, { bus: otherBus })
  const videoId = await one.createVideo()
  const [ada, adaElsewhere, ben] = [member('Ada', videoId), member('Ada', videoId), member('Ben', videoId)]
  for (const caller of [ada, ben]) await one.chat.arrive(videoId, caller, 0)
  await other.chat.arrive(videoId, adaElsewhere, 0)

  await one.chat.live['message.send']({ videoId, clientId: '1', body: 'hello' }, ben)
  const { unread } = await one.chat.live['room.read']({ videoId, seq: 1 }, ada)
  assert.deepEqual([one.noticed('read'), other.noticed('read')], [[], [{ videoId, memberId: ada.memberId, seq: 1 }]])
  await one.chat.live['room.read']({ videoId, seq: unread.seq }, ada)
  assert.equal(other.noticed('read').length, 1, 'a mark that did not move is told to nobody')
  await one.chat.live['room.read']({ videoId, seq: 2 }, ben)
  assert.equal(other.noticed('read').length, 1, 'Ben is nowhere else')

  const adaToo = member('Ada', videoId)
  await one.chat.arrive(videoId, adaToo, 0)
  await one.chat.live['room.read']({ videoId, seq: 3 }, ada)
  assert.deepEqual([one.noticed('read').length, other.noticed('read').length], [1, 2])
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
