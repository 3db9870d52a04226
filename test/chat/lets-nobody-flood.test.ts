import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from '../../server/platform/addresses.ts'
import { createDispatch } from '../../server/platform/hub/dispatch.ts'
import { createPaces, type SocketCaller, type SocketHandlers } from '../../server/platform/hub/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { createRateLimit } from '../../server/platform/rate-limit.ts'
import type { SocketRequestName } from '../../shared/index.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'

const database = await openDatabaseForFile()

test('a burst passes, then as much a second as is allowed; the wait that is told is the true one', () => {
  let nowMs = 0
  const limit = createRateLimit({ perSecond: 5, burst: 3, now: () => nowMs })
  assert.deepEqual([limit('a'), limit('a'), limit('a'), limit('a'), limit('b')], [0, 0, 0, 200, 0])
  nowMs = 199
  assert.equal(limit('a'), 1)
  nowMs = 200
  assert.deepEqual([limit('a'), limit('a')], [0, 200])
  nowMs = 60_000
  assert.deepEqual([limit('a'), limit('a'), limit('a'), limit('a')], [0, 0, 0, 200])
})

test('what is sent again counts once; sent on and on, it counts again', () => {
  const limit = createRateLimit({ perSecond: 5, burst: 2, now: () => 0 })
  assert.deepEqual([limit('a', 'x'), limit('a', 'x'), limit('a', 'y'), limit('a', 'x')], [0, 0, 0, 200])
})

test('0 is no limit', () => {
  const limit = createRateLimit({ perSecond: 0, burst: 1 })
  assert.ok(Array.from({ length: 100 }, () => limit('a')).every(waitMs => waitMs === 0))
})

const unlimited = { perSecond: 0, burst: 1 }
const log = createLog({ level: 'silent', pretty: false })

/** The chat behind the sockets' dispatcher: answers `ok`, or what it is refused with. */
function askingOf({ chat, metrics }: ReturnType<typeof openChat>, talk: { perSecond: number; burst: number }) {
  const paces = createPaces({ talk, signal: unlimited, reading: unlimited }, metrics)
  const dispatch = createDispatch({ handlers: chat.live as SocketHandlers, paces, log })
  return async (event: SocketRequestName, payload: object, caller: SocketCaller) => {
    const answer = await dispatch({ event, payload, caller })
    return 'error' in answer ? answer.error.code : 'ok'
  }
}

test('everything that writes is counted together for a person, in whichever tab; reading is not', async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const ask = askingOf(room, { perSecond: 0.01, burst: 3 })
  const [tab, otherTab] = [member('Ada', videoId), member('Ada', videoId)]
  assert.equal(await ask('message.send', { videoId, clientId: '1', body: 'one' }, tab), 'ok')
  const messageId = room.told(videoId)[0]?.id
  assert.equal(await ask('message.react', { videoId, messageId, emoji: '👍', on: true }, otherTab), 'ok')
  assert.equal(await ask('message.edit', { videoId, messageId, body: 'two' }, tab), 'ok')
  const tooFast = 'request.rate_limited'
  assert.equal(await ask('message.delete', { videoId, messageId }, otherTab), tooFast)
  assert.equal(await ask('question.ask', { videoId, clientId: '2', question: 'why?' }, tab), tooFast)
  assert.equal(await ask('room.read', { videoId, seq: 1 }, tab), 'ok')
  assert.equal(await ask('message.send', { videoId, clientId: '1', body: 'one' }, tab), 'ok', 'sent again')

  const passing = { ...member('guest', videoId), isLasting: false }
  const say = (clientId: string, caller: SocketCaller) => ask('message.send', { videoId, clientId, body: 'hi' }, caller)
  for (const n of [1, 2, 3]) assert.equal(await say(`g${n}`, passing), 'ok')
  assert.equal(await say('g4', passing), tooFast)
  assert.equal(await say('g4', { ...passing, connectionId: 'another' }), 'ok')
})

test('who has one address of an IPv6 network has them all, and is counted once; IPv4 stays what it is', () => {
  const networks: Record<string, string[]> = {
    '2001:db8:0:1::/64': ['2001:db8:0:1::5', '2001:DB8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1:0:0:0:0'],
    '0:0:3:4::/64': ['::3:4:5:6:7:8'],
    '0:0:0:0::/64': ['::1', '::', '::1.2.3.4'],
    'fe80:0:0:0::/64': ['fe80::1%eth0', 'fe80::2'],
    '192.0.2.7': ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207'],
    '': [''],
  }
  for (const [network, addresses] of Object.entries(networks))
    for (const address of addresses) assert.equal(networkOf(address), network, address)
})
