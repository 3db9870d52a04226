import assert from 'node:assert/strict'
import { test } from 'node:test'
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
