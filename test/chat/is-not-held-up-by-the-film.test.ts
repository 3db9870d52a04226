// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createLog } from '../../server/platform/log.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'

const database = await openDatabaseForFile()
const log = createLog({ level: 'silent', pretty: false })
/** One connection can't wait for itself. */
const skip = database.kind === 'embedded' && 'locks of several connections want a PostgreSQL server'

test('people talk while a stage of the film is being settled: neither ends the other', { skip }, async () => {
  await using room = openChat(database)
  const videoId = await room.createVideo()
  const ada = member('Ada', videoId)
  const say = (n: number) => room.chat.live['message.send']({ videoId, clientId: `${n}`, body: `line ${n}` }, ada)
  const held = Promise.withResolvers<void>()
  const context = { signal: AbortSignal.timeout(20_000), log, report: () => {} }
  const settling = (async () => {
    const outcome = await room.videos.stages.run(videoId, 'thumbnail', context, async () => ({
      state: 'done',
      // The video is held, and the log's head is wanted next: what is said meanwhile takes them the other way round.
      async commit() {
        held.resolve()
        await delay(300)
      },
    }))
    await room.journal.transact(async (tx, append) => outcome.commit?.(tx, append))
  })()
  await held.promise
  await Promise.all([say(1), say(2), settling])
  assert.equal(room.told(videoId).length, 2)
})

test('the same messages, told to two servers in different order, are stored once each', { skip }, async () => {
  await using one = openChat(database)
  await using other = openChat(database)
  const videoId = await one.createVideo()
  const ada = member('Ada', videoId)
  const keys = Array.from({ length: 40 }, (_, n) => `${n}`)
  const say = ({ chat }: typeof one, clientId: string) =>
    chat.live['message.send']({ videoId, clientId, body: `line ${clientId}` }, ada)
  for (let round = 0; round < 5; round++) {
    const mine = keys.map(key => `${round}.${key}`)
    await Promise.all([...mine.map(key => say(one, key)), ...mine.toReversed().map(key => say(other, key))])
  }
  const stored = await one.chat.recent(videoId, 1000)
  assert.equal(stored.length, 200)
})

test('a film is deleted while people come, read and speak: they hear that it is gone, and nothing else', {
  skip,
}, async () => {
  await using room = openChat(database)
  const { live, arrive } = room.chat
  const gone = new Set(['video.not_found', 'message.not_found', 'answer.not_found', 'room.not_joined'])
  for (let round = 0; round < 8; round++) {
    const videoId = await room.createVideo()
    const people = Array.from({ length: 12 }, (_, n) => member(`person ${n}`, videoId))
    const doing = people.flatMap((person, n) => [
      arrive(videoId, person, 1),
      live['room.read']({ videoId, seq: 1 }, person),
      live['message.send']({ videoId, clientId: `${n}`, body: 'still there?' }, person),
    ])
    const outcomes = await Promise.allSettled([...doing, room.videos.remove(videoId)])
    const faults = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
    assert.deepEqual(
      faults.filter(fault => !gone.has(fault.code)),
      [],
    )
  }
})
