// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/until.ts'
import { spoken } from './captions.ts'
import { dictated, startModelServer } from './model-server.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'

const database = await openDatabaseForFile()

const question = 'When did the bridge open?'
const segments = spoken('Welcome to the show.', 'The bridge opened in 1932.', 'The tower fell in 1945.')

test('a question is stored at once and its answer streamed, stored and told', async () => {
  await using room = openChat(database, { segments })
  const videoId = await room.createVideo()
  const { message, answerId } = await ask(room, videoId, { clientId: 'q', question: 'When did the bridge open?' })
  assert.equal(message.kind, 'question')
  const [done] = await until('answer.done', () => nonEmpty(room.noticed('answer.done')))
  assert.equal(done?.answerId, answerId)
  const { id, kind, replyTo, engine, body, citations } = done.message
  assert.deepEqual(
    { id, kind, replyTo, engine },
    { id: answerId, kind: 'answer', replyTo: message.id, engine: 'extractive' },
  )
  const deltas = room.noticed('answer.delta')
  assert.equal(deltas.map(delta => delta.text).join(''), body)
  assert.deepEqual(
    deltas.map(delta => delta.index),
    deltas.map((_, index) => index),
  )
  assert.deepEqual(
    citations.map(({ text, startSeconds, segmentIndexes }) => ({ text, startSeconds, segmentIndexes })),
    [{ text: 'The bridge opened in 1932.', startSeconds: 5, segmentIndexes: [1] }],
  )
  assert.deepEqual(room.told(videoId), [message, done.message])
  assert.deepEqual(await room.chat.recent(videoId, 10), [message, done.message])
  assert.deepEqual(room.noticed('answer.started'), [{ videoId, answerId, questionId: message.id }])
})

test('the same clientId again, while it is answered and after, gives the same answer and no second one', async () => {
  const gate = Promise.withResolvers<void>()
  await using room = openChat(database, { segments, beforeRetrieval: () => gate.promise })
  const videoId = await room.createVideo()
  const question = { clientId: 'q', question: 'When did the bridge open?' }
  const first = await ask(room, videoId, question)
  const meanwhile = await ask(room, videoId, question)
  gate.resolve()
  await until('answer.done', () => nonEmpty(room.noticed('answer.done')))
  const afterwards = await ask(room, videoId, question)
  assert.deepEqual(meanwhile, first)
  assert.deepEqual(afterwards, first)
  await ask(room, videoId, { clientId: 'another', question: 'When did the tower fall?' })
  await until('the other answer', () => room.noticed('answer.done').length > 1)
  assert.equal(room.noticed('answer.started').length, 2)
  assert.deepEqual(
    room.told(videoId).map(message => message.kind),
    ['question', 'answer', 'question', 'answer'],
  )
})

test('answers to several questions at once do not mix', async () => {
  await using room = openChat(database, { segments })
  const videoId = await room.createVideo()
  const asked = await Promise.all([
    ask(room, videoId, { clientId: '1', question: 'When did the bridge open?' }),
    ask(room, videoId, { clientId: '2', question: 'When did the tower fall?' }),
  ])
  await until('both answers', () => room.noticed('answer.done').length === 2)
  for (const [index, year] of ['1932', '1945'].entries()) {
    const text = room
      .noticed('answer.delta')
      .filter(delta => delta.answerId === asked[index]?.answerId)
      .map(delta => delta.text)
      .join('')
    assert.match(text, new RegExp(year))
    assert.equal(text.match(/“/g)?.length, 1)
  }
})

test('a room has a limit of answers at once; other rooms and known questions do not feel it', async () => {
  const gate = Promise.withResolvers<void>()
  await using room = openChat(database, { segments, answersPerRoom: 2, beforeRetrieval: () => gate.promise })
  const [videoId, other] = [await room.createVideo(), await room.createVideo()]
  const question = 'When did the bridge open?'
  const known = await ask(room, videoId, { clientId: '1', question })
  await ask(room, videoId, { clientId: '2', question })
  await assert.rejects(ask(room, videoId, { clientId: '3', question }), { code: 'server.busy' })
  assert.deepEqual(await ask(room, videoId, { clientId: '1', question }), known)
  await ask(room, other, { clientId: '3', question })
  assert.equal((await room.chat.recent(videoId, 10)).length, 2)
  gate.resolve()
  await until('the answers', () => room.noticed('answer.done').length === 3)
  await ask(room, videoId, { clientId: '3', question })
})

test('a cancelled answer ends, is not stored, and can be asked for again', async () => {
  let held = true
  await using room = openChat(database, {
    segments,
    beforeRetrieval: signal => (held ? aborted(signal) : Promise.resolve()),
  })
  const videoId = await room.createVideo()
  const question = { clientId: 'q', question: 'When did the bridge open?' }
  const { answerId } = await ask(room, videoId, question)
  await assert.rejects(room.chat.live['answer.cancel']({ answerId }, member('Eve')), { code: 'room.not_joined' })
  await room.chat.live['answer.cancel']({ answerId }, member('Ada', videoId))
  const [failed] = await until('answer.failed', () => nonEmpty(room.noticed('answer.failed')))
  assert.equal(failed?.answerId, answerId)
  assert.equal(failed.error.code, 'answer.cancelled')
  assert.equal((await room.chat.recent(videoId, 10)).length, 1)
  await assert.rejects(room.chat.live['answer.cancel']({ answerId }, member('Ada', videoId)), {
    code: 'answer.not_found',
  })
  held = false
  assert.equal((await ask(room, videoId, question)).answerId, answerId)
  await until('answer.done', () => nonEmpty(room.noticed('answer.done')))
})

test('stopping gives up what is being answered, says so and waits for it', async () => {
  await using room = openChat(database, { segments, beforeRetrieval: aborted })
  const videoId = await room.createVideo()
  await ask(room, videoId, { clientId: 'q', question: 'When did the bridge open?' })
  await room.chat.stop()
  assert.deepEqual(
    room.noticed('answer.failed').map(failed => failed.error.code),
    ['server.stopping'],
  )
  await assert.rejects(ask(room, videoId, { clientId: 'q2', question: 'And now?' }), { code: 'server.stopping' })
})

test('while there is no transcript an answer fails and says so, instead of denying what the video says', async () => {
  await using room = openChat(database, { hasTranscript: false })
  const videoId = await room.createVideo()
  await ask(room, videoId, { clientId: 'q', question: 'When did the bridge open?' })
  const [failed] = await until('answer.failed', () => nonEmpty(room.noticed('answer.failed')))
  assert.equal(failed?.error.code, 'transcript.not_ready')
})

test('a video that goes away while it is asked about fails the answer, not the server', async () => {
  const gate = Promise.withResolvers<void>()
  await using room = openChat(database, { segments, beforeRetrieval: () => gate.promise })
  const videoId = await room.createVideo()
  await ask(room, videoId, { clientId: 'q', question: 'When did the bridge open?' })
  await until('it is being answered', () => room.noticed('answer.started').length === 1)
  await room.videos.remove(videoId)
  gate.resolve()
  const [failed] = await until('answer.failed', () => nonEmpty(room.noticed('answer.failed')))
  assert.equal(failed?.error.code, 'video.not_found')
  await assert.rejects(ask(room, videoId, { clientId: 'q', question: 'Still there?' }), { code: 'video.not_found' })
})

type Room = ReturnType<typeof openChat>
type RoomId = Awaited<ReturnType<Room['createVideo']>>

const ask = (room: Room, videoId: RoomId, question: { clientId: string; question: string }) =>
  room.chat.live['question.ask']({ videoId, ...question }, member('Ada', videoId))

const nonEmpty = <T>(list: T[]): [T, ...T[]] | undefined => (list.length > 0 ? (list as [T, ...T[]]) : undefined)

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })

test('a question that is deleted while it is answered gets no answer, and the model is let go of', async () => {
  const talk = dictated()
  await using model = await startModelServer(() => ({ ending: 'end', deltas: talk.deltas }))
  await using room = openChat(database, { segments, baseUrl: model.baseUrl })
  const videoId = await room.createVideo()
  const ada = member('Ada', videoId)
  const { live } = room.chat
  const { message, answerId } = await live['question.ask']({ videoId, clientId: 'q', question }, ada)
  await until('the model is asked', () => model.requests.length === 1)
  talk.say('It')
  await until('its first word', () => room.noticed('answer.delta').length > 0)
  await live['message.delete']({ videoId, messageId: message.id }, ada)
  const failed = await until('its end', () => room.noticed('answer.failed')[0])
  assert.deepEqual([failed.answerId, failed.error.code], [answerId, 'answer.cancelled'])
  await until('the model is hung up on', () => model.hungUp() === 1)
  talk.end()
  assert.deepEqual(await room.chat.recent(videoId, 9), [])
})

test('its asker deletes an answer, and nobody else; asked again it is another one', async () => {
  await using room = openChat(database, { segments })
  const videoId = await room.createVideo()
  const [ada, ben] = [member('Ada', videoId), member('Ben', videoId)]
  const { live } = room.chat
  const { message, answerId } = await live['question.ask']({ videoId, clientId: 'q', question }, ada)
  await until('the answer', () => room.noticed('answer.done').length === 1)
  await assert.rejects(live['message.delete']({ videoId, messageId: answerId }, ben), {
    code: 'message.not_yours',
    message: 'Only whoever asked may delete this answer.',
  })
  await live['message.delete']({ videoId, messageId: answerId }, ada)
  assert.deepEqual(
    (await room.chat.recent(videoId, 9)).map(({ kind }) => kind),
    ['question'],
  )
  const again = await live['answer.retry']({ videoId, questionId: message.id }, ben)
  assert.notEqual(again.answerId, answerId)
  await until('the answer', () => room.noticed('answer.done').length === 2)
  // An answer stays when its question goes, and is still its asker's.
  await live['message.delete']({ videoId, messageId: message.id }, ada)
  assert.deepEqual(
    (await room.chat.recent(videoId, 9)).map(({ id }) => id),
    [again.answerId],
  )
  await live['message.delete']({ videoId, messageId: again.answerId }, ada)
  assert.deepEqual(await room.chat.recent(videoId, 9), [])
})
