import type { HeardSegment } from '../engine.ts'
import type { Precision } from './whisper-files.ts'

/** Which model, and where it comes from. */
export interface WhisperModelSource {
  /** `owner/name`: a folder of the models directory and, where downloading is allowed, of the model host. */
  model: string
  modelsDir: string
  precision: Precision
  allowDownload: boolean
  /** Null: the library's own. */
  modelsUrl: string | null
}

/** What the whisper thread is told. */
export interface WhisperOrder {
  source: WhisperModelSource
  audioPath: string
  durationSeconds: number
  language: string | null
}

/** What it tells while it works. */
export type WhisperNote =
  | { kind: 'downloading'; file: string; percent: number }
  | { kind: 'loaded' }
  | { kind: 'heard'; segments: HeardSegment[]; percent: number }
