import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { createAnswersInProgress } from '../../client-sdk/src/rooms/answers-in-progress.ts'
import { until } from '../support/until.ts'
import { listenAsRoom, messageOf, video, videoId } from './room-server.ts'

const answerId = messageOf(9).id
const questionId = messageOf(8).id
const piece = (index: number, text: string) => ({ videoId, answerId, index, text })
const joinAnswer = (answers: object[], log: object[] = []) => ({
  ...{ ok: true, video, members: [], messages: [], seq: log.length, events: [], answers },
})

test('pieces that come in any order make the text, and what is missing is waited for', () => {
  const answers = createAnswersInProgress()
  answers.started({ videoId, answerId, questionId })
  answers.added(piece(0, 'It '))
  answers.added(piece(2, 'twenty '))
  answers.added(piece(0, 'It '))
  assert.deepEqual(answers.list, [{ answerId, questionId, text: 'It ', nextIndex: 1 }])
  answers.added(piece(1, 'took '))
  assert.deepEqual(answers.list, [{ answerId, questionId, text: 'It took twenty ', nextIndex: 3 }])
  answers.ended(answerId)
  assert.deepEqual(answers.list, [])
})

test('what comes while joining is put to what joining answers, however far each is', () => {
  const answers = createAnswersInProgress()
  answers.added(piece(2, 'twenty '))
  answers.added(piece(3, 'days'))
  assert.equal(answers.list.length, 0, 'its beginning is not known yet')
  answers.joined([{ answerId, questionId, text: 'It took ', nextIndex: 2 }])
  assert.equal(answers.list[0]?.text, 'It took twenty days')
  answers.joined([{ answerId, questionId, text: 'It took twenty ', nextIndex: 3 }])
  assert.equal(answers.list[0]?.text, 'It took twenty days', 'what was known already stays')
  answers.joined([])
  assert.equal(answers.list.length, 0, 'what the server does not know any more has ended')
})

test('an answer that is tried again begins anew', () => {
  const answers = createAnswersInProgress()
  answers.started({ videoId, answerId, questionId })
  answers.added(piece(0, 'It took'))
  answers.started({ videoId, answerId, questionId })
  answers.added(piece(0, 'After'))
  assert.equal(answers.list[0]?.text, 'After')
})

test('in a room: whoever joins late has it from its beginning, and it is right when listeners are called', async () => {
  await using server = await listenAsRoom({
    'room.join': (_, answer) => answer(joinAnswer([{ answerId, questionId, text: 'It ', nextIndex: 1 }])),
  })
  const room = await createRushes({ url: server.url }).rooms.join(videoId)
  assert.equal(room.answers[0]?.text, 'It ')
  const seen: (string | undefined)[] = []
  room.on('answer.delta', () => seen.push(room.answers[0]?.text))
  room.on('answer.failed', () => seen.push(room.answers[0]?.text))
  server.notify('answer.delta', { answerId, index: 1, text: 'took' })
  server.notify('answer.failed', { answerId, questionId, error: { code: 'answer.failed', message: 'No.' } })
  await until('both are heard', () => seen.length === 2)
  assert.deepEqual(seen, ['It took', undefined])
  room.leave()
})

test('in a room: a cut leaves no hole, for joining again says what was missed', async () => {
  let joins = 0
  await using server = await listenAsRoom({
    'room.join': (_, answer) =>
      answer(joinAnswer(joins++ === 0 ? [] : [{ answerId, questionId, text: 'It took twenty ', nextIndex: 3 }])),
    'question.ask': (_, answer) => answer({ ok: true, message: messageOf(8), answerId }),
  })
  const room = await createRushes({ url: server.url }).rooms.join(videoId)
  const answer = room.ask('How long?')
  const texts: string[] = []
  const read = (async () => {
    for await (const part of answer) if (part.type === 'text') texts.push(part.text)
  })()
  await until('it is asked', () => server.askedFor('question.ask').length === 1)
  server.notify('answer.started', { answerId, questionId })
  server.notify('answer.delta', { answerId, index: 0, text: 'It ' })
  await until('the first word', () => texts.length === 1)
  server.cut()
  await until('it is whole again', () => room.answers[0]?.nextIndex === 3)
  server.notify('answer.delta', { answerId, index: 3, text: 'days.' })
  server.notify('answer.done', { answerId, message: messageOf(9, { kind: 'answer', body: 'It took twenty days.' }) })
  await read
  assert.deepEqual(texts, ['It ', 'took twenty ', 'days.'])
  assert.deepEqual(room.answers, [])
  room.leave()
})

test('in a room: anyone cancels or asks again, and a refusal is thrown', async () => {
  const error = { code: 'answer.not_found', message: 'No.', requestId: 'r' }
  await using server = await listenAsRoom({
    'answer.cancel': (_, answer) => answer({ error }),
    'answer.retry': (_, answer) => answer({ ok: true, message: messageOf(8), answerId }),
  })
  const room = await createRushes({ url: server.url }).rooms.join(videoId)
  await assert.rejects(room.cancelAnswer(answerId), { code: 'answer.not_found', status: 404 })
  await room.retryAnswer(questionId)
  assert.deepEqual(server.askedFor('answer.cancel'), [{ answerId }])
  assert.deepEqual(server.askedFor('answer.retry'), [{ videoId, questionId }])
  room.leave()
})
