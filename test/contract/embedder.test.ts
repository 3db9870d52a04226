import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLog } from '../../server/platform/log.ts'
import { createOpenAiEmbedder } from '../../server/search/engines/openai.ts'
import { createEmbedderRungs } from '../../server/search/engines/rungs.ts'
import { createTransformersEmbedder } from '../../server/search/engines/transformers.ts'
import { faults, meanings, startEmbeddingService } from '../search/embedding-service.ts'
import { addTinyModel, noEmbedders, skipWithoutModels, tinyModel } from '../search/open-search.ts'
import { type EmbedderUnderTest, type EmbedderWays, embedderContract } from './embedder.ts'

const log = createLog({ level: 'silent', pretty: false })

/** With a models directory of its own. */
async function openTransformers(prepare: (modelsDir: string) => Promise<void>): Promise<EmbedderUnderTest> {
  const modelsDir = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  await prepare(modelsDir)
  const engine = createTransformersEmbedder({ model: tinyModel, modelsDir, allowDownload: false, log })
  return {
    engine,
    async [Symbol.asyncDispose]() {
      await engine.stop()
      await rm(modelsDir, { recursive: true, force: true })
    },
  }
}

/** With a service of its own, which the test tells how to answer. */
async function openOpenAi(answer = meanings()): Promise<EmbedderUnderTest> {
  const service = await startEmbeddingService(answer)
  const engine = createOpenAiEmbedder({ baseUrl: service.baseUrl, model: 'stand-in', retries: 0, timeoutSeconds: 20 })
  return { engine, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() }
}

/** Every embedder, by its name. */
const embedders: Record<string, EmbedderWays & { skip?: string | false }> = {
  transformers: {
    works: () => openTransformers(addTinyModel),
    breaks: () =>
      openTransformers(async modelsDir => {
        await addTinyModel(modelsDir)
        await writeFile(join(modelsDir, tinyModel, 'onnx/model_quantized.onnx'), 'no model')
      }),
    isAbsent: () => openTransformers(async () => {}),
    skip: skipWithoutModels,
  },
  openai: {
    works: () => openOpenAi(),
    breaks: () => openOpenAi(faults['answers 500']),
    isAbsent: async () => ({ engine: createOpenAiEmbedder({}), [Symbol.asyncDispose]: async () => {} }),
  },
}

for (const [name, { skip, ...ways }] of Object.entries(embedders)) embedderContract(name, ways, skip)

test('every embedder that the server has is here', async () => {
  const { engines, stop } = createEmbedderRungs(noEmbedders, log)
  await stop()
  assert.deepEqual(
    engines.map(({ name }) => name),
    Object.keys(embedders),
  )
})
