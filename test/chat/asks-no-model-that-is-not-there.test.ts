import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOpenAiEngine } from '../../server/chat/engines/openai.ts'
import { parseConfig } from '../../server/config.ts'
import { answerOptions } from '../../server/engine-options.ts'

const patience = { firstMs: 1, betweenMs: 1, wholeMs: 1 }
const rungOf = (env: Record<string, string>) => {
  const engine = createOpenAiEngine(answerOptions(parseConfig(env)).model, patience)
  return engine.check().then(rung => ({ ...rung, model: engine.signature }))
}

const key = { OPENAI_API_KEY: 'a key' }
const base = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }
const embedding = { OPENAI_EMBEDDING_MODEL: 'embedder' }
const transcribing = { OPENAI_TRANSCRIBE_MODEL: 'transcriber' }
const model = { OPENAI_MODEL: 'talker' }

test('a service that is given for embedding or transcribing alone answers no questions', async () => {
  for (const service of [key, base, { ...key, ...base }])
    for (const other of [embedding, transcribing, { ...embedding, ...transcribing }]) {
      const { available, reason } = await rungOf({ ...service, ...other })
      assert.equal(available, false)
      assert.match(reason, /OPENAI_MODEL/)
    }
})

test('with a model of its own, or nothing said of what it is for, it does', async () => {
  for (const service of [key, base, { ...key, ...base }]) {
    assert.equal((await rungOf(service)).available, true)
    assert.equal((await rungOf(service)).model, 'gpt-4o-mini')
    for (const other of [{}, embedding, transcribing, { ...embedding, ...transcribing }]) {
      const { available, model: asked } = await rungOf({ ...service, ...other, ...model })
      assert.deepEqual([available, asked], [true, 'talker'])
    }
  }
})

test('without a service there is nobody to ask', async () => {
  for (const env of [{}, model, { ...model, ...embedding }]) {
    const { available, reason } = await rungOf(env)
    assert.equal(available, false)
    assert.match(reason, /OPENAI_API_KEY/)
  }
})
