import { join } from 'node:path'
import { messageOf } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { createPool } from '../../platform/threads/index.ts'
import type { SpeechEngine, SpeechInput, SpeechOptions, SpeechResult } from '../engine.ts'
import { findWhisperFiles, type Precision } from './whisper-files.ts'
import { createDownloadReport, createNoteTaker } from './whisper-notes.ts'
import type { WhisperModelSource, WhisperNote, WhisperOrder } from './whisper-orders.ts'

export interface WhisperOptions {
  /** `owner/name`, such as `onnx-community/whisper-base_timestamped`. */
  model: string
  modelsDir: string
  allowDownload: boolean
  /** Another host that has the models, in the same layout; null for the library's own. */
  modelsUrl?: string | null
  log: Log
}
export interface WhisperEngine extends SpeechEngine {
  stop(): Promise<void>
}

/** After a model failed to load it isn't tried again for this long: a closed network fails slowly. */
const restMs = 10 * 60 * 1000
const worker = new URL('./whisper-worker.ts', import.meta.url)

/** Whisper by transformers.js, in a thread of its own. */
export function createWhisper(options: WhisperOptions): WhisperEngine {
  const { model, modelsDir, log } = options
  const pool = createPool<WhisperOrder, { language: string }, WhisperNote>({
    file: worker,
    maxThreads: 1,
    idleSeconds: 300,
  })
  const onDownload = createDownloadReport(model, log)
  let failure: { reason: string; at: number } | null = null

  async function transcribe(input: SpeechInput, { signal, ...listeners }: SpeechOptions): Promise<SpeechResult> {
    const notes = createNoteTaker({ ...listeners, onDownload })
    const stop = AbortSignal.any([signal, notes.failed])
    const { audioPath, durationSeconds, language = null } = input
    try {
      const order = { source: await sourceOf(options), audioPath, durationSeconds, language }
      const heard = await pool.run(order, { signal: stop, onNote: notes.take })
      await notes.done()
      return { language: heard.language, engine: `whisper ${model}` }
    } catch (fault) {
      // Whoever is told of the fault must find nothing being written any more.
      await Promise.allSettled([notes.done()])
      if (!notes.loaded && !stop.aborted) failure = { reason: messageOf(fault), at: Date.now() }
      throw fault
    }
  }

  return {
    name: 'whisper',
    async check() {
      if (failure === null || Date.now() - failure.at > restMs) return checkFiles(join(modelsDir, model), options)
      return { available: false, reason: `${model} could not be loaded: ${failure.reason}` }
    },
    transcribe,
    stop: () => pool.stop(),
  }
}

/** In the precision that is there; when the model has yet to be downloaded, in the one that is quickest. */
async function sourceOf({
  model,
  modelsDir,
  allowDownload,
  modelsUrl = null,
}: WhisperOptions): Promise<WhisperModelSource> {
  const files = await findWhisperFiles(join(modelsDir, model))
  const precision: Precision = 'precision' in files ? files.precision : 'q8'
  return { model, modelsDir, precision, allowDownload, modelsUrl }
}

async function checkFiles(
  directory: string,
  { model, allowDownload }: WhisperOptions,
): Promise<{ available: boolean; reason: string }> {
  const files = await findWhisperFiles(directory)
  if ('precision' in files)
    return { available: true, reason: `${model} (${files.precision}) is in the models directory.` }
  if (allowDownload) return { available: true, reason: `${model} will be downloaded when it is first needed.` }
  const missing = files.missing.join(', ')
  return {
    available: false,
    reason: `${model} is not in the models directory (no ${missing}), and downloading is not allowed.`,
  }
}
