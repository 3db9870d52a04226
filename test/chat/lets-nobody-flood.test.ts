import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from '../../server/platform/addresses.ts'
import { createRateLimit } from '../../server/platform/rate-limit.ts'
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

test('everything that writes is counted together for a person, in whichever tab; reading is not', async () => {
  await using room = openChat(database, { pace: { perSecond: 0.01, burst: 3 } })
  const videoId = await room.createVideo()
  const { live } = room.chat
  const [tab, otherTab] = [member('Ada', videoId), member('Ada', videoId)]
  const { message } = await live['message.send']({ videoId, clientId: '1', body: 'one' }, tab)
  await live['message.react']({ videoId, messageId: message.id, emoji: '👍', on: true }, otherTab)
  await live['message.edit']({ videoId, messageId: message.id, body: 'two' }, tab)
  const tooFast = { code: 'request.rate_limited' }
  await assert.rejects(live['message.delete']({ videoId, messageId: message.id }, otherTab), tooFast)
  await assert.rejects(live['question.ask']({ videoId, clientId: '2', question: 'why?' }, tab), tooFast)
  await live['room.read']({ videoId, seq: 1 }, tab)
  await live['message.send']({ videoId, clientId: '1', body: 'one' }, tab)

  const passing = { ...member('guest', videoId), isLasting: false }
  for (const n of [1, 2, 3]) await live['message.send']({ videoId, clientId: `g${n}`, body: 'hi' }, passing)
  const nextOne = { ...passing, connectionId: 'another' }
  await assert.rejects(live['message.send']({ videoId, clientId: 'g4', body: 'hi' }, passing), tooFast)
  await live['message.send']({ videoId, clientId: 'g4', body: 'hi' }, nextOne)
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
