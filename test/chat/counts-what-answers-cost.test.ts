import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/until.ts'
import { askModel } from './ask-model.ts'
import { spoken } from './captions.ts'
import { startModelServer } from './model-server.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'

const database = await openDatabaseForFile()
const segments = spoken('Welcome to the show.', 'The bridge opened in 1932.')
const question = 'When did the bridge open?'
const usage = { prompt_tokens: 2_000, completion_tokens: 50 }
const counted = { ending: 'end' as const, deltas: ['In 1932 [1].'], usage }

test('what the model counted stands on the answer, priced, for everyone and for good', async () => {
  await using model = await startModelServer(() => counted)
  await using room = openChat(database, { segments, baseUrl: model.baseUrl, prices: { input: 0.15, output: 0.6 } })
  const videoId = await room.createVideo()
  await room.chat.live['question.ask']({ videoId, clientId: 'q', question }, member('Ada', videoId))
  const { message } = await until('answer.done', () => room.noticed('answer.done')[0])
  assert.deepEqual(message.usage, { inputTokens: 2_000, outputTokens: 50, costUsd: 0.00033 })
  assert.deepEqual((await room.chat.recent(videoId, 1))[0]?.usage, message.usage)
  const metrics = await room.metrics.registry.metrics()
  assert.match(metrics, /rushes_answer_tokens_total\{direction="input"\} 2000/)
  assert.match(metrics, /rushes_answer_tokens_total\{direction="output"\} 50/)
  assert.match(metrics, /rushes_answer_cost_usd_total 0\.00033/)
})

test('without both prices the tokens are told and no cost', async () => {
  await using model = await startModelServer(() => counted)
  const { usage } = await askModel(model.baseUrl, { question, segments })
  assert.deepEqual(usage, { inputTokens: 2_000, outputTokens: 50, costUsd: null })
})

test('a server that does not count has no usage, and neither have quotations', async () => {
  await using model = await startModelServer(() => ({ ending: 'end', deltas: ['In 1932 [1].'] }))
  assert.equal((await askModel(model.baseUrl, { question, segments })).usage, null)
  await using broken = await startModelServer(() => ({ status: 500 }))
  const quoted = await askModel(broken.baseUrl, { question, segments })
  assert.deepEqual([quoted.engine, quoted.usage], ['extractive', null])
})

test('nonsense is no count', async () => {
  const usage = { prompt_tokens: -5, completion_tokens: 1.5 }
  await using model = await startModelServer(() => ({ ...counted, usage }))
  assert.equal((await askModel(model.baseUrl, { question, segments })).usage, null)
})

for (const status of [400, 422]) {
  test(`a server that refuses to be asked for it (${status}) answers all the same, and is not asked again`, async () => {
    await using model = await startModelServer(({ stream_options }) => (stream_options ? { status } : counted))
    await using room = openChat(database, { segments, baseUrl: model.baseUrl })
    const videoId = await room.createVideo()
    const ask = async (clientId: string) => {
      await room.chat.live['question.ask']({ videoId, clientId, question }, member('Ada', videoId))
      return until('its answer', () => room.noticed('answer.done').find((_, n) => n === Number(clientId)))
    }
    const first = await ask('0')
    assert.deepEqual([first.message.engine, first.message.usage], ['stand-in', null])
    assert.equal((await ask('1')).message.engine, 'stand-in')
    assert.deepEqual(
      model.requests.map(request => request.stream_options !== undefined),
      [true, false, false],
    )
  })
}

test('a server that refuses for another reason is passed over, and asked for the count the next time', async () => {
  let isSick = true
  await using model = await startModelServer(() => (isSick ? { status: 400 } : counted))
  await using room = openChat(database, { segments, baseUrl: model.baseUrl })
  const videoId = await room.createVideo()
  const ask = (clientId: string) =>
    room.chat.live['question.ask']({ videoId, clientId, question }, member('Ada', videoId))
  await ask('0')
  await until('quotations', () => room.noticed('answer.done').length === 1)
  isSick = false
  await ask('1')
  const { message } = await until('the answer', () => room.noticed('answer.done')[1])
  assert.equal(message.usage?.inputTokens, 2_000)
})
