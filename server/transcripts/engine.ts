import type { Word } from '../../shared/index.ts'
import type { Rung } from '../platform/rungs.ts'

/** A segment as an engine hears it, not yet numbered. */
export interface HeardSegment {
  startSeconds: number
  endSeconds: number
  text: string
  speaker?: string
  words: Word[]
}

export interface SpeechInput {
  /** WAV, 16 kHz, mono, 16 bits. */
  audioPath: string
  durationSeconds: number
  /** BCP 47, when somebody said which; else the engine finds out, if it can. */
  language?: string
}

export interface SpeechOptions {
  signal: AbortSignal
  /** Called in order of time, as soon as something is recognised. Wait for it: it slows down who is too fast. */
  onSegments(segments: HeardSegment[]): Promise<void> | void
  /** 0 to 100. */
  onProgress(percent: number): void
}

export interface SpeechResult {
  /** BCP 47, or `und`. */
  language: string
  /** The rung, with the model's name where there is one. */
  engine: string
}

/** Turns speech into timed words. Rejects with the signal's reason on abort; any other fault moves one rung down. */
export interface SpeechEngine extends Rung {
  transcribe(input: SpeechInput, options: SpeechOptions): Promise<SpeechResult>
}
