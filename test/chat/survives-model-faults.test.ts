import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOpenAiEngine } from '../../server/chat/engines/openai.ts'
import { until } from '../support/until.ts'
import { askModel } from './ask-model.ts'
import { spoken } from './captions.ts'
import { type Behaviour, startModelServer } from './model-server.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'

const database = await openDatabaseForFile()
const segments = spoken('Welcome to the show.', 'The bridge opened in 1932.')
const question = 'When did the bridge open?'
const impatient = { firstMs: 150, betweenMs: 150, wholeMs: 20_000 }

const silentFaults: [what: string, behaviour: Behaviour][] = [
  ['answers 500', { status: 500 }],
  ['refuses the key', { status: 401 }],
  ['stalls before its first word', { ending: 'stall', deltas: [] }],
  ['hangs up before its first word', { ending: 'cut', deltas: [] }],
  ['says nothing', { ending: 'end', deltas: [] }],
]
for (const [what, behaviour] of silentFaults) {
  test(`a model that ${what} is passed over: quotes come instead, and say why`, async () => {
    await using model = await startModelServer(() => behaviour)
    const { text, citations, engine } = await askModel(model.baseUrl, { question, segments, patience: impatient })
    assert.match(text, /^The language model did not answer, so I only quote:/)
    assert.equal(engine, 'extractive')
    assert.equal(citations[0]?.text, 'The bridge opened in 1932.')
  })
}

test('a model that is not there is passed over', async () => {
  const gone = await startModelServer(() => ({ status: 500 }))
  await gone[Symbol.asyncDispose]()
  assert.equal((await askModel(gone.baseUrl, { question, segments })).engine, 'extractive')
})

const lateFaults: [what: string, ending: 'cut' | 'stall' | 'stop short', told: RegExp][] = [
  ['hangs up', 'cut', /connection broke off/],
  ['stalls', 'stall', /silent for 0.15 s/],
  ['stops in the middle', 'stop short', /ended in the middle/],
]
for (const [what, ending, told] of lateFaults) {
  test(`a model that ${what} after its first word fails the answer, and asking again answers it`, async () => {
    let behaviour: Behaviour = { ending, deltas: ['It opened'] }
    await using model = await startModelServer(() => behaviour)
    await using room = openChat(database, { segments, baseUrl: model.baseUrl, patience: impatient })
    const videoId = await room.createVideo()
    const ask = () => room.chat.live['question.ask']({ videoId, clientId: 'q', question }, member('Ada', videoId))
    await ask()
    const failed = await until('answer.failed', () => room.noticed('answer.failed')[0])
    assert.equal(failed.error.code, 'answer.failed')
    assert.match(failed.error.message, told)
    assert.equal(
      room
        .noticed('answer.delta')
        .map(delta => delta.text)
        .join(''),
      'It opened',
    )
    assert.match(JSON.stringify(await room.chat.health()), told)

    behaviour = { ending: 'end', deltas: ['In 1932 [1].'] }
    await ask()
    const done = await until('answer.done', () => room.noticed('answer.done')[0])
    assert.equal(done.answerId, failed.answerId)
    assert.equal(done.message.body, 'In 1932 [0:00].')
    assert.equal(done.message.engine, 'stand-in')
    assert.deepEqual(
      room.told(videoId).map(message => message.kind),
      ['question', 'answer'],
    )
  })
}

test('what the model server wrote of its fault is not shown', async () => {
  await using model = await startModelServer(() => ({ status: 500 }))
  const engine = createOpenAiEngine({ baseUrl: model.baseUrl, model: 'stand-in' }, impatient)
  const request = {
    ...{ question, segments, passages: [], video: { title: '', durationSeconds: 1 }, passedOver: null },
    ...{ talk: [], earlier: '', place: null, asker: 'Ada' },
  }
  const context = { signal: new AbortController().signal, onText: () => {}, onAnew: () => {} }
  await assert.rejects(
    engine.answer(request, context),
    (fault: Error) => /answered 500/.test(fault.message) && !fault.message.includes('secret'),
  )
})

test('a model that would never stop is stopped; what it said is kept, up to a whole sentence, and said to be cut', async () => {
  await using model = await startModelServer(() => ({
    ending: 'stall',
    deltas: Array.from({ length: 1000 }, (_, n) => `Again and again, number ${n} [1]. `),
  }))
  const { body, text } = await askModel(model.baseUrl, { question, segments })
  assert.match(body, /number \d+ \[0:00\]\.\n\n\(The answer was too long and is cut here\.\)$/)
  assert.ok(body.length > 7_000 && body.length < 12_000, `${body.length} characters`)
  assert.equal(text, body)
  await until('the model was hung up on', () => model.hungUp() === 1)
})

test('cancelling hangs up on the model at once', async () => {
  await using model = await startModelServer(() => ({ ending: 'stall', deltas: ['It opened'] }))
  await using room = openChat(database, { segments, baseUrl: model.baseUrl })
  const videoId = await room.createVideo()
  const { answerId } = await room.chat.live['question.ask'](
    { videoId, clientId: 'q', question },
    member('Ada', videoId),
  )
  await until('the first word', () => room.noticed('answer.delta').length === 1)
  await room.chat.live['answer.cancel']({ answerId }, member('Ada', videoId))
  await until('the model was hung up on', () => model.hungUp() === 1)
  assert.deepEqual(
    (await until('answer.failed', () => room.noticed('answer.failed')[0])).error.code,
    'answer.cancelled',
  )
})

test('without a model the health says so', async () => {
  await using room = openChat(database)
  const { rung, rungs } = await room.chat.health()
  assert.equal(rung, 'extractive')
  assert.deepEqual(
    rungs.map(({ name, available }) => ({ name, available })),
    [
      { name: 'openai', available: false },
      { name: 'extractive', available: true },
    ],
  )
})
