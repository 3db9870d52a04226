import { join } from 'node:path'
import type { Log } from '../../platform/log.ts'
import { createPool } from '../../platform/threads/index.ts'
import type { Embedder } from '../engine.ts'
import { createDownloadReport } from './download-report.ts'
import { findModelFiles } from './model-files.ts'
import { createRest } from './rest.ts'
import { taskPrefix } from './task-prefixes.ts'
import type { EmbeddingModelSource, EmbeddingNote, EmbeddingOrder } from './transformers-orders.ts'

export interface TransformersOptions {
  /** `owner/name`, such as `Xenova/all-MiniLM-L6-v2`. */
  model: string
  modelsDir: string
  allowDownload: boolean
  /** Another host that has the models, in the same layout; null for the library's own. */
  modelsUrl?: string | null
  log: Log
}
export interface TransformersEmbedder extends Embedder {
  stop(): Promise<void>
}

/** A closed network fails slowly: a model that could not be loaded isn't tried again for this long. */
const restMs = 10 * 60 * 1000
const worker = new URL('./transformers-worker.ts', import.meta.url)

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
      return reason === null ? checkFiles(options) : no(`${model} could not be used: ${reason}`)
    },
    async embed(texts, { signal, kind }) {
      const prefix = taskPrefix(model, kind)
      try {
        const order = { source: await sourceOf(options), texts: texts.map(text => prefix + text) }
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

/** In the precision that is there; when the model has yet to be downloaded, in the one that is quickest. */
async function sourceOf(options: TransformersOptions): Promise<EmbeddingModelSource> {
  const { model, modelsDir, allowDownload, modelsUrl = null } = options
  const files = await findModelFiles(join(modelsDir, model))
  return { model, modelsDir, precision: 'precision' in files ? files.precision : 'q8', allowDownload, modelsUrl }
}

async function checkFiles({ model, modelsDir, allowDownload }: TransformersOptions) {
  const files = await findModelFiles(join(modelsDir, model))
  if ('precision' in files) return yes(`${model} (${files.precision}) is in the models directory.`)
  if (allowDownload) return yes(`${model} will be downloaded when it is first needed.`)
  const missing = files.missing.join(', ')
  return no(`${model} is not in the models directory (no ${missing}), and downloading is not allowed.`)
}

const yes = (reason: string) => ({ available: true, reason })
const no = (reason: string) => ({ available: false, reason })
