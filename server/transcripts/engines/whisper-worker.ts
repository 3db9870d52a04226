import type { ModelSource } from '../../platform/models/index.ts'
import { task } from '../../platform/threads/index.ts'
import { audioWindows } from '../audio/listen.ts'
import { loadWhisper, type WhisperModel } from './whisper-model.ts'
import type { WhisperNote, WhisperOrder } from './whisper-orders.ts'
import { hearWindow } from './whisper-window.ts'

/** Whisper hears 30 s at a time; some room is left for the margins. */
const windowSeconds = 28

/** Loading takes seconds, so this thread keeps the model for the next video. */
let kept: { key: string; model: Promise<WhisperModel> } | null = null

function modelFrom(source: ModelSource, note: (note: WhisperNote) => void): Promise<WhisperModel> {
  const key = JSON.stringify(source)
  if (kept?.key !== key) kept = { key, model: loadWhisper(source, note) }
  const { model } = kept
  model.catch(() => {
    kept = null
  })
  return model
}

/** The thread's side: hears one audio file. */
export const run = task<WhisperOrder, { language: string }, WhisperNote>(async (order, { signal, note }) => {
  const model = await modelFrom(order.source, note)
  note({ kind: 'loaded' })
  let language = order.language
  for await (const window of audioWindows(order.audioPath, windowSeconds, signal)) {
    const audio = Float32Array.from(window.samples, sample => sample / 32768)
    language ??= await model.detectLanguage(audio)
    const segments = await hearWindow(model, audio, { language, signal, startSeconds: window.startSeconds })
    note({ kind: 'heard', segments, percent: Math.min(100, (100 * window.endSeconds) / order.durationSeconds) })
  }
  return { language: language ?? 'en' }
})
