import type { ModelSource } from '../../platform/models/index.ts'
import type { HeardSegment } from '../engine.ts'

/** What the whisper thread is told. */
export interface WhisperOrder {
  source: ModelSource
  audioPath: string
  durationSeconds: number
  language: string | null
}

/** What it tells while it works. */
export type WhisperNote =
  | { kind: 'downloading'; file: string; percent: number }
  | { kind: 'loaded' }
  | { kind: 'heard'; segments: HeardSegment[]; percent: number }
