import { availableParallelism } from 'node:os'
import { env, type FeatureExtractionPipeline, LogLevel, pipeline } from '@huggingface/transformers'
import type { ModelSource } from '../../platform/models/index.ts'
import { task } from '../../platform/threads/index.ts'
import type { EmbeddingNote, EmbeddingOrder } from './transformers-orders.ts'

type Note = (note: EmbeddingNote) => void

/** Loading takes a second or more, so this thread keeps the model for the next texts. */
let kept: { key: string; model: Promise<FeatureExtractionPipeline> } | null = null

function modelFrom(source: ModelSource, note: Note): Promise<FeatureExtractionPipeline> {
  const key = JSON.stringify(source)
  if (kept?.key !== key) kept = { key, model: loadModel(source, note) }
  const { model } = kept
  model.catch(() => {
    kept = null
  })
  return model
}

/** From its folder; where that is allowed it is downloaded into it first. */
async function loadModel(source: ModelSource, note: Note): Promise<FeatureExtractionPipeline> {
  env.localModelPath = source.modelsDir
  env.cacheDir = source.modelsDir
  env.allowRemoteModels = source.allowDownload
  env.logLevel = LogLevel.ERROR
  if (source.modelsUrl !== null) env.remoteHost = source.modelsUrl
  return pipeline('feature-extraction', source.model, {
    device: 'cpu',
    dtype: source.precision,
    session_options: { intraOpNumThreads: Math.max(1, availableParallelism() - 1) },
    progress_callback: progress => {
      if (progress.status === 'progress') note({ file: progress.file, percent: progress.progress })
    },
  })
}

/** A download may take minutes, and goes on: who does not want to wait need not, and a server that stops can't. */
async function unlessAborted<T>(given: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true })
  return Promise.race([given, aborted.promise])
}

/** The thread's side: one batch of texts. */
export const run = task<EmbeddingOrder, Float32Array[], EmbeddingNote>(async ({ source, texts }, { signal, note }) => {
  const model = await unlessAborted(modelFrom(source, note), signal)
  const { data, dims } = await model([...texts], { pooling: 'mean', normalize: true })
  const dimension = dims.at(-1) ?? 0
  return texts.map((_, at) => Float32Array.from((data as Float32Array).subarray(at * dimension, (at + 1) * dimension)))
})
