import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { createBusListeners, readLetter } from '../../server/platform/hub/bus-letters.ts'
import { openRedisBus } from '../../server/platform/hub/index.ts'
import { createLog, type Log } from '../../server/platform/log.ts'
import { inTurns } from '../../server/rooms/in-turns.ts'
import { createFakePlayer } from '../support/fake-player.ts'
import { emptyRoom, enterAs } from '../support/people.ts'
import { openPlainSocket } from '../support/plain-socket.ts'
import { redisIsMissing, startRedisServer } from '../support/redis-server.ts'
import { startTestApp, until } from '../support/start-test-app.ts'

/** One of each kind that servers tell each other, sound in each member. */
function soundLetters(videoId: string, memberId: string): [kind: string, payload: object][] {
  const [id, at, name] = [uuidv7(), new Date().toISOString(), 'Nobody']
  const position = { atSeconds: 5, playing: true, rate: 1 }
  const seat = { id: 'nobody', name, connections: 1, following: false, sinceMs: 1 }
  // It would win over whatever is told of the room.
  const newest = { term: 8e15, by: 'x', count: 1, from: 'x' }
  const message = {
    ...{ id, videoId, kind: 'answer', author: name, authorId: 'a', clientId: 'c', body: 'x', atSeconds: 1 },
    ...{ endSeconds: 2, replyTo: id, mentions: ['m'], reactions: [{ emoji: 'x', people: [{ id: 'a', name }] }] },
    citations: [{ startSeconds: 1, endSeconds: 2, text: 'x', segmentIndexes: [1], score: 1 }],
    ...{ engine: 'x', usage: { inputTokens: 1, outputTokens: 1, costUsd: 1 }, createdAt: at, editedAt: at },
  }
  const answer = { videoId, answerId: id }
  const stream = `video:${videoId}`
  return [
    ['frame', { stream, events: [{ seq: 1, type: 'video.renamed', payload: { title: 'x' }, at }] }],
    ['notice', { stream, name: 'typing', payload: { videoId, memberId, name, typing: true } }],
    ['notice', { stream, name: 'progress', payload: { videoId, stage: 'upload', percent: 5 } }],
    ['playback', { nowMs: 1, rooms: [[videoId, { ...newest, playback: { ...position, leader: null, clockMs: 1 } }]] }],
    ['playheads', { videoId, playheads: [{ ...position, memberId, name }] }],
    ['roster', { videoId, version: 1, seats: [{ ...seat, playhead: { ...position, toldMs: 1 } }] }],
    ['roster.beat', { version: 1, rooms: [[videoId, 1]] }],
    ['roster.wanted', { of: 'x', rooms: [videoId] }],
    ['roster.hello', {}],
    ['roster.goodbye', {}],
    ['answer.notice', { name: 'answer.started', payload: { ...answer, questionId: id } }],
    ['answer.notice', { name: 'answer.delta', payload: { ...answer, index: 0, text: 'x' } }],
    ['answer.notice', { name: 'answer.done', payload: { ...answer, message } }],
    [
      'answer.notice',
      { name: 'answer.failed', payload: { ...answer, questionId: id, error: { code: 'x', message: 'x' } } },
    ],
    ['answer.cancel', { answerId: id }],
    ['read', { videoId, memberId, seq: 1 }],
  ]
}

const deep: unknown = JSON.parse('['.repeat(500) + ']'.repeat(500))
const junk: unknown[] = [undefined, {}, [[]], deep]

/** The same with junk in place of one member, for each member and each junk. */
function* spoiled(sound: unknown): Generator<unknown> {
  if (typeof sound !== 'object' || sound === null) return
  for (const [name, member] of Object.entries(sound))
    for (const instead of [...junk, ...spoiled(member)]) {
      const other = Array.isArray(sound) ? [...sound] : { ...sound }
      yield Object.assign(other, { [name]: instead })
    }
}

test('letters of each kind with junk in them change nothing, and end nothing later', {
  skip: redisIsMissing,
}, async t => {
  await using redis = await startRedisServer()
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none', REDIS_URL: redis.url, LOG_LEVEL: 'silent' } })
  const id = await emptyRoom(app)
  const ada = await enterAs(app, 'Ada', id)
  using plain = await openPlainSocket(app, id, { name: 'Ben' })
  await ada.lead(createFakePlayer())
  const other = await openRedisBus(redis.url, { serverId: 'x', log: createLog({ level: 'silent', pretty: false }) })
  t.after(other.stop)
  const heard: string[] = []
  other.on('playback', z.looseObject({}), () => heard.push('playback'))

  const [room, member] = [id, ada.memberId]
  for (const [kind, sound] of soundLetters(room, member)) {
    for (const payload of [...spoiled(sound), { ...sound, unheardOf: deep }]) other.publish(kind, payload as object)
    // One turn's letter each.
    await new Promise(resolve => setImmediate(resolve))
  }
  const typing = { videoId: id, memberId: 'cleo', name: 'Cleo', typing: true }
  other.publish('notice', { stream: `video:${id}`, name: 'typing', payload: { ...typing, ofLater: 1 }, ofLater: 1 })
  const frame = await until('what a newer server says', () => plain.frames.find(({ type }) => type === 'typing'))
  assert.deepEqual(frame, { type: 'typing', ...typing, ofLater: 1 })
  const seq = Number(plain.frames.find(({ type }) => type === 'room.join')?.seq) + 1
  const events = [{ seq, type: 'thing.of_later', payload: { x: 1 }, at: new Date().toISOString(), ofLater: 1 }]
  other.publish('frame', { stream: `video:${id}`, events, ofLater: 1 })
  const fact = await until('a fact of a newer server', () => plain.frames.find(({ type }) => type === 'room.events'))
  assert.deepEqual(fact.events, events)
  heard.length = 0
  await until('its timers go on', () => heard.length > 1)
  assert.deepEqual(ada.members.map(each => each.name).sort(), ['Ada', 'Ben'])
  assert.equal(ada.playback.leader?.name, 'Ada')
  const told = new Set(plain.frames.map(({ type }) => type))
  for (const type of ['progress', 'playhead', 'answer.started', 'answer.delta', 'answer.done', 'answer.failed'])
    assert.ok(!told.has(type), type)
  assert.equal((await plain.ask('clock.read', {})).ok, true)
  ada.leave()
})

/** Counts its lines. */
function countedLog() {
  const lines: string[] = []
  const say = (_: object, text: string) => lines.push(text)
  return { lines, log: { warn: say, error: say } as unknown as Log }
}

test('of letters that do not fit there is one line in the log a kind, and those that fit are heard', () => {
  const { lines, log } = countedLog()
  const listeners = createBusListeners(log)
  const heard: object[] = []
  listeners.on('word', z.object({ said: z.string() }), word => heard.push(word))
  const messages = Array.from({ length: 1000 }, (_, said): [string, object] => ['word', { said }])
  listeners.tell({ from: 'x', messages: [...messages, ['word', { said: 'hello', ofLater: 1 }]] })
  assert.deepEqual(heard, [{ said: 'hello' }])
  assert.equal(lines.length, 1)
})

test('a letter that is longer than all that servers say is not read', () => {
  const letter = (said: string) => JSON.stringify({ from: 'x', messages: [['word', { said }]] })
  assert.notEqual(readLetter(letter('x'.repeat(1024 * 1024))), null)
  assert.equal(readLetter(letter('x'.repeat(17 * 1024 * 1024))), null)
})

test('a turn that fails in a timer is said once, ends nothing, and the next ones come', async () => {
  const { lines, log } = countedLog()
  let runs = 0
  const fail = () => {
    runs++
    throw new Error('it fails')
  }
  const turns = inTurns({ everyMs: () => 1, run: fail, log, what: 'a turn' })
  await until('it was tried again', () => {
    turns.touch('key')
    return runs > 3
  })
  turns.stop()
  assert.deepEqual(lines, ['a turn failed'])
})
