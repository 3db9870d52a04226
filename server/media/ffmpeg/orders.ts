import type { Limits, MediaInput, MediaOutput } from './command.ts'

/** How far a run came. */
export interface Progress {
  /** Of output, from its start. */
  seconds: number
  /** Pictures written; 0 where there is only sound. */
  frames: number
}

/** Arguments as data. */
export interface Work {
  inputs: readonly MediaInput[]
  outputs: readonly MediaOutput[]
}

/** A run whose output is text on standard output. */
export interface Printing {
  inputs: readonly MediaInput[]
  /** Must name a format (`-f`). */
  options: readonly string[]
  /** More than this is a failure. Default: 1 MiB. */
  maxBytes?: number
  /** Files that are written in the same run. */
  beside?: readonly MediaOutput[]
}

export type Pace = 'quick' | 'normal' | 'background' | 'patient'

export interface Supervision {
  /** On abort the processes are killed; it rejects with the reason once they are gone. */
  signal?: AbortSignal
  /** From the start of the process; waiting for a thread doesn't count. */
  timeoutSeconds: number
  onProgress?: (progress: Progress) => void
  /**
   * With whom it shares its threads. `quick`: short work that someone waits for. `background`: one at a time, and only
   * when nobody else wants the processor. `patient`: the same, two at a time, for what takes long: the shorter work in the
   * background need not wait for it. Default: `normal` for a run, `quick` for everything else.
   */
  pace?: Pace
}

/** What the worker is told. */
export interface Order {
  limits: Limits
  timeoutSeconds: number
  job:
    | { tool: 'ffmpeg'; inputs: readonly MediaInput[]; outputs: readonly MediaOutput[] }
    | {
        tool: 'ffmpeg-print'
        inputs: readonly MediaInput[]
        options: readonly string[]
        maxBytes: number
        beside: readonly MediaOutput[]
      }
    | { tool: 'ffprobe'; args: readonly string[]; maxBytes: number }
}

export interface Outcome extends Progress {
  /** What was printed; empty for a run into files. */
  text: string
}
