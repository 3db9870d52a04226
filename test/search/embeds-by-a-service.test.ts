import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOpenAiEmbedder } from '../../server/search/engines/openai.ts'
import { faults, json, meanings, startEmbeddingService } from './embedding-service.ts'

const options = { apiKey: 'test', model: 'stand-in', retries: 0, timeoutSeconds: 1 }
const signal = new AbortController().signal
const passage = { signal, kind: 'passage' } as const
/** Left to itself the library waits for ten minutes. */
const patienceMs = 60_000

test('vectors come in the order of the texts, with length 1', async () => {
  await using service = await startEmbeddingService((response, { input }) =>
    json(response, { data: input.map((_, index) => ({ index, embedding: [3 * (index + 1), 4] })).toReversed() }),
  )
  const vectors = await createOpenAiEmbedder({ ...options, baseUrl: service.baseUrl }).embed(['a', 'b'], passage)
  assert.deepEqual(
    vectors.map(vector => Array.from(vector, value => value.toFixed(3))),
    [
      ['0.600', '0.800'],
      ['0.832', '0.555'],
    ],
  )
  assert.deepEqual(service.requests, [{ model: 'stand-in', input: ['a', 'b'], encoding_format: 'float' }])
})

test('a model that wants to be told what is asked is told', async () => {
  await using service = await startEmbeddingService(meanings())
  const engine = createOpenAiEmbedder({ ...options, model: 'nomic-embed-text', baseUrl: service.baseUrl })
  await engine.embed(['why?'], { signal, kind: 'query' })
  await engine.embed(['because.'], passage)
  assert.deepEqual(
    service.requests.map(({ input }) => input),
    [['search_query: why?'], ['search_document: because.']],
  )
})

for (const [name, answer] of Object.entries(faults)) {
  test(`a server that ${name} fails the rung in time, and rests`, { timeout: patienceMs }, async () => {
    await using service = await startEmbeddingService(answer)
    const engine = createOpenAiEmbedder({ ...options, baseUrl: service.baseUrl })
    assert.equal((await engine.check()).available, true)
    await assert.rejects(engine.embed(['a', 'b'], passage))
    const { available, reason } = await engine.check()
    assert.equal(available, false)
    assert.match(reason, /failed a moment ago/)
  })
}

test('a passing fault is tried again', async () => {
  await using service = await startEmbeddingService(faults['answers 500'] ?? assert.fail(), meanings())
  const engine = createOpenAiEmbedder({ ...options, retries: 1, baseUrl: service.baseUrl })
  assert.equal((await engine.embed(['word'], passage)).length, 1)
})

test('an abort ends it with the reason, and is no fault of the service', async () => {
  const reason = new Error('the video is gone')
  const aborting = new AbortController()
  await using service = await startEmbeddingService(() => aborting.abort(reason))
  const engine = createOpenAiEmbedder({ ...options, timeoutSeconds: 60, baseUrl: service.baseUrl })
  await assert.rejects(engine.embed(['a'], { signal: aborting.signal, kind: 'query' }), reason)
  assert.equal((await engine.check()).available, true)
})

test('the rung says which variable is missing', async () => {
  const reasonOf = async (given: object) => (await createOpenAiEmbedder(given).check()).reason
  assert.match(await reasonOf({ model: 'm' }), /OPENAI_API_KEY/)
  assert.match(await reasonOf({ apiKey: 'test' }), /OPENAI_EMBEDDING_MODEL/)
})
