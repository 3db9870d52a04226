import type { Log } from '../../platform/log.ts'
import {
  checkModel,
  createDownloadReport,
  createRest,
  type ModelOptions,
  modelSource,
} from '../../platform/models/index.ts'
import { createPool } from '../../platform/threads/index.ts'
import type { SpeechEngine, SpeechInput, SpeechOptions, SpeechResult } from '../engine.ts'
import { createNoteTaker } from './whisper-notes.ts'
import type { WhisperNote, WhisperOrder } from './whisper-orders.ts'

export interface WhisperOptions extends ModelOptions {
  log: Log
}
export interface WhisperEngine extends SpeechEngine {
  stop(): Promise<void>
}

/** After a model failed to load it isn't tried again for this long: a closed network fails slowly. */
const restMs = 10 * 60 * 1000
const worker = new URL('./whisper-worker.ts', import.meta.url)
const files = {
  settings: [
    'config.json',
    'generation_config.json',
    'preprocessor_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ],
  weights: ['onnx/encoder_model', 'onnx/decoder_model_merged'],
}

/** Whisper by transformers.js, in a thread of its own. */
export function createWhisper(options: WhisperOptions): WhisperEngine {
  const { model, log } = options
  const pool = createPool<WhisperOrder, { language: string }, WhisperNote>({
    file: worker,
    maxThreads: 1,
    idleSeconds: 300,
  })
  const onDownload = createDownloadReport(model, log)
  const rest = createRest(restMs)

  async function transcribe(input: SpeechInput, { signal, ...listeners }: SpeechOptions): Promise<SpeechResult> {
    const notes = createNoteTaker({ ...listeners, onDownload })
    const stop = AbortSignal.any([signal, notes.failed])
    const { audioPath, durationSeconds, language = null } = input
    try {
      const order = { source: await modelSource(options, files), audioPath, durationSeconds, language }
      const heard = await pool.run(order, { signal: stop, onNote: notes.take })
      await notes.done()
      return { language: heard.language, engine: `whisper ${model}` }
    } catch (fault) {
      // Whoever is told of the fault must find nothing being written any more.
      await Promise.allSettled([notes.done()])
      if (!notes.loaded && !stop.aborted) rest.begin(fault)
      throw fault
    }
  }

  return {
    name: 'whisper',
    async check() {
      const reason = rest.reason()
      if (reason === null) return checkModel(options, files)
      return { available: false, reason: `${model} could not be loaded: ${reason}` }
    },
    transcribe,
    stop: () => pool.stop(),
  }
}
