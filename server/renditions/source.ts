import type { Ffmpeg } from '../media/index.ts'
import type { VideoRecord } from '../videos/index.ts'

/** A film's original as a local file, and what making something of it needs. */
export interface Source {
  ffmpeg: Ffmpeg
  record: VideoRecord
  /** Where the original lies. */
  path: string
  signal: AbortSignal
  timeoutSeconds: number
  report(percent: number): void
}

/** Whom and how to ask ffmpeg, with its progress reported as a part of the film's duration. */
export const supervision = ({ signal, timeoutSeconds, report, record: { video } }: Source) => ({
  signal,
  timeoutSeconds,
  onProgress: ({ seconds }: { seconds: number }) => {
    if (video.durationSeconds > 0) report(Math.min(99, (100 * seconds) / video.durationSeconds))
  },
})

export interface Size {
  width: number
  height: number
}

/** The same shape within a square of `longest` pixels, never larger than it was, in even numbers as 4:2:0 wants them. */
export function fitInto({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height))
  const even = (pixels: number) => Math.max(2, 2 * Math.round((pixels * scale) / 2))
  return { width: even(width), height: even(height) }
}
