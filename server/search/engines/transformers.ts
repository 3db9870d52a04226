import type { Log } from '../../platform/log.ts'
import {
  checkModel,
  createDownloadReport,
  createRest,
  type ModelOptions,
  modelSource,
} from '../../platform/models/index.ts'
import { createPool } from '../../platform/threads/index.ts'
import type { Embedder } from '../engine.ts'
import { taskPrefix } from './task-prefixes.ts'
import type { EmbeddingNote, EmbeddingOrder } from './transformers-orders.ts'

export interface TransformersOptions extends ModelOptions {
  log: Log
}
export interface TransformersEmbedder extends Embedder {
  stop(): Promise<void>
}

/** A closed network fails slowly: a model that could not be loaded isn't tried again for this long. */
const restMs = 10 * 60 * 1000
const worker = new URL('./transformers-worker.ts', import.meta.url)
const files = { settings: ['config.json', 'tokenizer.json', 'tokenizer_config.json'], weights: ['onnx/model'] }

/** A sentence embedding model by transformers.js, in a thread of its own. */
export function createTransformersEmbedder(options: TransformersOptions): TransformersEmbedder {
  const { model, log } = options
  const pool = createPool<EmbeddingOrder, Float32Array[], EmbeddingNote>({
    file: worker,
    maxThreads: 1,
    idleSeconds: 300,
  })
  const report = createDownloadReport(model, log)
  const rest = createRest(restMs)
  let hasWorked = false

  return {
    name: 'transformers',
    signature: `transformers ${model}`,
    batchSize: 16,
    async check() {
      const reason = rest.reason()
      if (reason === null) return checkModel(options, files)
      return { available: false, reason: `${model} could not be used: ${reason}` }
    },
    async embed(texts, { signal, kind }) {
      if (texts.length === 0) return []
      const prefix = taskPrefix(model, kind)
      try {
        const order = { source: await modelSource(options, files), texts: texts.map(text => prefix + text) }
        const vectors = await pool.run(order, { signal, onNote: ({ file, percent }) => report(file, percent) })
        hasWorked = true
        return vectors
      } catch (fault) {
        signal.throwIfAborted()
        // One that has worked can load: then it was the text, and the next one may be better.
        if (!hasWorked) rest.begin(fault)
        throw fault
      }
    },
    stop: () => pool.stop(),
  }
}
