import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes, type Room, RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { type Behaviour, dictated, startModelServer } from './model-server.ts'

const captions = `WEBVTT

00:00.000 --> 00:01.000
The bridge opened in 1932.

00:01.000 --> 00:02.000
The tower fell in 1945.
`
let app: TestApp
let model: Awaited<ReturnType<typeof startModelServer>>
let behave: (question: string) => Behaviour
let videoId: string
before(async () => {
  model = await startModelServer(request =>
    behave(/Question: (.*)$/.exec(request.messages.at(-1)?.content ?? '')?.[1] ?? ''),
  )
  app = await startTestApp({
    env: { OPENAI_BASE_URL: model.baseUrl, OPENAI_PRICE_INPUT_PER_MILLION: '1', OPENAI_PRICE_OUTPUT_PER_MILLION: '10' },
  })
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  videoId = (await app.rushes.videos.upload(film, { captions })).id
  await app.rushes.videos.untilReady(videoId)
})
after(async () => {
  await app[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})
const enter = (name: string): Promise<Room> => createRushes({ url: app.url, name }).rooms.join(videoId)
const textOf = (room: Room, question: string) => {
  const { id } = room.messages.find(message => message.body === question) ?? {}
  return room.answers.find(answer => answer.questionId === id)?.text
}

test('two answers at once reach everyone, unmixed, and who comes late has both from their beginning', async () => {
  const talks = { bridge: dictated(), tower: dictated() }
  behave = question => ({
    ending: 'end',
    deltas: /bridge/.test(question) ? talks.bridge.deltas : talks.tower.deltas,
    usage: { prompt_tokens: 1000, completion_tokens: 100 },
  })
  const [ada, ben] = [await enter('Ada'), await enter('Ben')]
  const [bridge, tower] = [ada.ask('When did the bridge open?'), ben.ask('When did the tower fall?')]
  for (const [b, t] of [
    ['The', 'A'],
    [' bridge', ' tower'],
    [' opened', ' fell'],
  ] as const) {
    talks.bridge.say(b)
    talks.tower.say(t)
    await until(
      'Ben reads both',
      () =>
        textOf(ben, 'When did the bridge open?')?.endsWith(b) && textOf(ben, 'When did the tower fall?')?.endsWith(t),
    )
  }
  const cleo = await enter('Cleo')
  for (const room of [ada, ben, cleo]) {
    assert.equal(textOf(room, 'When did the bridge open?'), 'The bridge opened')
    assert.equal(textOf(room, 'When did the tower fall?'), 'A tower fell')
  }
  talks.tower.say(' in 1945 [1].')
  talks.tower.end()
  talks.bridge.say(' in 1932 [1].')
  talks.bridge.end()
  assert.equal(await bridge.text(), 'The bridge opened in 1932 [0:00].')
  assert.equal(await tower.text(), 'A tower fell in 1945 [0:00].')
  assert.deepEqual((await bridge.message()).usage, { inputTokens: 1000, outputTokens: 100, costUsd: 0.002 })
  await until('Cleo has both', () => cleo.messages.filter(message => message.kind === 'answer').length === 2)
  assert.deepEqual(cleo.answers, [])
  for (const room of [ada, ben, cleo]) room.leave()
})

test('what one asks another cancels, and a third asks again; everyone sees it', async () => {
  const first = dictated()
  behave = () => ({ ending: 'end', deltas: first.deltas })
  const [ada, ben, cleo] = [await enter('Ada'), await enter('Ben'), await enter('Cleo')]
  const failures: string[] = []
  cleo.on('answer.failed', ({ error }) => failures.push(error.code))
  const asked = ada.ask('Which bridge?')
  first.say('The')
  const running = await until('Ben reads it', () => ben.answers[0]?.text === 'The' && ben.answers[0])
  await ben.cancelAnswer(running.answerId)
  await assert.rejects(asked.text(), { code: 'answer.cancelled' })
  await until('everyone is told', () => failures.length === 1 && cleo.answers.length === 0)
  await assert.rejects(ben.cancelAnswer(running.answerId), { code: 'answer.not_found' })

  behave = () => ({ ending: 'end', deltas: ['Sydney.'] })
  await cleo.retryAnswer(running.questionId)
  const answer = await until('Ada has it', () => ada.messages.find(message => message.id === running.answerId))
  assert.deepEqual([answer.body, answer.replyTo], ['Sydney.', running.questionId])
  const before = model.requests.length
  await cleo.retryAnswer(running.questionId)
  assert.equal(model.requests.length, before, 'what is answered is not answered again')
  await assert.rejects(cleo.retryAnswer(running.answerId), { code: 'message.not_found' })
  await assert.rejects(cleo.retryAnswer(videoId), { code: 'message.not_found' })
  for (const room of [ada, ben, cleo]) room.leave()
})

test('whoever catches a failure tries again by what it says', async () => {
  behave = () => ({ ending: 'cut', deltas: ['The'] })
  const ada = await enter('Ada')
  const told: string[] = []
  ada.on('answer.failed', ({ questionId }) => told.push(questionId))
  const asked = ada.ask('Which bridge broke?')
  const fault: unknown = await asked.text().catch(fault => fault)
  assert.ok(fault instanceof RushesError)
  assert.equal(fault.code, 'answer.failed')
  const { questionId, answerId } = fault.details as { questionId: string; answerId: string }
  assert.deepEqual([await asked.questionId, await asked.answerId, ...told], [questionId, answerId, questionId])
  behave = () => ({ ending: 'end', deltas: ['None.'] })
  await ada.retryAnswer(questionId)
  await until('it is answered', () => ada.messages.some(({ id, body }) => id === answerId && body === 'None.'))
  ada.leave()
})

test('over HTTP the question is named before its first word, also when it fails', async () => {
  behave = () => ({ ending: 'cut', deltas: ['The'] })
  const asked = app.rushes.videos.ask(videoId, 'Which tower broke?')
  await assert.rejects(asked.text(), { code: 'answer.failed', status: 502 })
  const ada = await enter('Ada')
  assert.equal(ada.messages.find(({ body }) => body === 'Which tower broke?')?.id, await asked.questionId)
  behave = () => ({ ending: 'end', deltas: ['None.'] })
  await ada.retryAnswer(await asked.questionId)
  const answerId = await asked.answerId
  await until('it is answered', () => ada.messages.some(({ id, body }) => id === answerId && body === 'None.'))
  ada.leave()
})

test('a question whose server ended in the middle is answered when someone asks again', async () => {
  const never = dictated()
  behave = () => ({ ending: 'end', deltas: never.deltas })
  const ada = await enter('Ada')
  const asked = ada.ask('Which tower?')
  never.say('The')
  await until('it has begun', () => ada.answers[0]?.text === 'The')
  const { questionId, answerId } = ada.answers[0] ?? assert.fail('no answer')
  ada.leave()
  await assert.rejects(asked.text(), { code: 'room.not_joined' })
  app = await app.restart()
  behave = () => ({ ending: 'end', deltas: ['Of London.'] })
  const ben = await enter('Ben')
  assert.equal(ben.messages.find(message => message.id === questionId)?.body, 'Which tower?')
  assert.deepEqual(ben.answers, [])
  await ben.retryAnswer(questionId)
  await until('it is answered', () =>
    ben.messages.some(message => message.id === answerId && message.body === 'Of London.'),
  )
  ben.leave()
})
