import { join } from 'node:path'
import { messageOf } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { createPool } from '../../platform/threads/index.ts'
import type { SpeechEngine, SpeechInput, SpeechOptions, SpeechResult } from '../engine.ts'
import { findWhisperFiles, type Precision } from './whisper-files.ts'
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
export function createWhisper({
  model,
  modelsDir,
  allowDownload,
  modelsUrl = null,
  log,
}: WhisperOptions): WhisperEngine {
  const pool = createPool<WhisperOrder, { language: string }, WhisperNote>({
    file: worker,
    maxThreads: 1,
    idleSeconds: 300,
  })
  const reportDownload = createDownloadReport(model, log)
  let failure: { reason: string; at: number } | null = null

  async function source(): Promise<WhisperModelSource> {
    const files = await findWhisperFiles(join(modelsDir, model))
    const precision: Precision = 'precision' in files ? files.precision : 'q8'
    return { model, modelsDir, precision, allowDownload, modelsUrl }
  }

  async function transcribe(
    input: SpeechInput,
    { signal, onSegments, onProgress }: SpeechOptions,
  ): Promise<SpeechResult> {
    const writing = createQueue()
    const aborted = AbortSignal.any([signal, writing.failed])
    let loaded = false
    const onNote = (note: WhisperNote) => {
      if (note.kind === 'loaded') loaded = true
      if (note.kind === 'downloading') reportDownload(note.file, note.percent)
      if (note.kind !== 'heard') return
      if (note.segments.length > 0) writing.add(() => onSegments(note.segments))
      onProgress(note.percent)
    }
    const { audioPath, durationSeconds, language = null } = input
    try {
      const heard = await pool.run(
        { source: await source(), audioPath, durationSeconds, language },
        { signal: aborted, onNote },
      )
      await writing.done()
      return { language: heard.language, engine: `whisper ${model}` }
    } catch (fault) {
      // Whoever is told of the fault must find nothing being written any more.
      await Promise.allSettled([writing.done()])
      if (!loaded && !aborted.aborted) failure = { reason: messageOf(fault), at: Date.now() }
      throw fault
    }
  }

  return {
    name: 'whisper',
    async check() {
      if (failure && Date.now() - failure.at < restMs)
        return { available: false, reason: `${model} could not be loaded: ${failure.reason}` }
      const files = await findWhisperFiles(join(modelsDir, model))
      if ('precision' in files)
        return { available: true, reason: `${model} (${files.precision}) is in the models directory.` }
      if (allowDownload) return { available: true, reason: `${model} will be downloaded when it is first needed.` }
      return {
        available: false,
        reason: `${model} is not in the models directory (no ${files.missing.join(', ')}), and downloading is not allowed.`,
      }
    },
    transcribe,
    stop: () => pool.stop(),
  }
}

/** Runs one after the other what arrives from another thread. The first fault ends it. */
function createQueue() {
  const failing = new AbortController()
  let last: Promise<void> = Promise.resolve()
  return {
    failed: failing.signal,
    add(work: () => Promise<void> | void): void {
      last = last.then(work)
      last.catch(fault => failing.abort(fault))
    },
    done: () => last,
  }
}

/** One line of log for each tenth of a file. */
function createDownloadReport(model: string, log: Log) {
  const told = new Map<string, number>()
  return (file: string, percent: number) => {
    const tenth = Math.floor(percent / 10)
    if (tenth <= (told.get(file) ?? -1)) return
    told.set(file, tenth)
    log.info({ model, file, percent: tenth * 10 }, 'downloading a model')
  }
}
