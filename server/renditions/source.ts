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
