import { clockTime } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Ffmpeg, MediaFacts } from '../platform/ffmpeg/index.ts'
import type { FileLayout } from './layout.ts'

/** Below this the header is not believed: even quiet speech takes more. Such a file is small, so measuring is cheap. */
const leastBytesPerSecond = 1000
const measureTimeoutSeconds = 120

interface Measuring {
  ffmpeg: Ffmpeg
  path: string
  streams: number[]
  facts: MediaFacts
  layout: FileLayout
  signal: AbortSignal | undefined
}

/** From the header, or, when it says nothing or can't be true, by reading every packet without decoding it. */
export async function durationOf({ ffmpeg, path, streams, facts, layout, signal }: Measuring): Promise<number> {
  const claimed = claimedSeconds(facts)
  if (claimed > 0 && !layout.cutShort && layout.sizeBytes / claimed >= leastBytesPerSecond) return claimed
  const maps = streams.flatMap(index => ['-map', `0:${index}`])
  const reached = await ffmpeg.run(
    { inputs: [{ path }], outputs: [{ path: '-', options: [...maps, '-c', 'copy', '-f', 'null'] }] },
    { timeoutSeconds: measureTimeoutSeconds, ...(signal && { signal }) },
  )
  return reached.seconds > 0 ? reached.seconds : claimed
}

/**
 * An MP4 counts the emptiness before its first frame as well. Nothing that is made of a film has it, so that all its
 * times begin with the first frame.
 */
function claimedSeconds({ formatName, durationSeconds, startSeconds }: MediaFacts): number {
  const emptySeconds = formatName.split(',').includes('mov') ? Math.max(0, startSeconds ?? 0) : 0
  const microseconds = Math.round(((durationSeconds ?? 0) - emptySeconds) * 1e6)
  return Math.max(0, microseconds / 1e6)
}

export function checkDuration(durationSeconds: number, maxDurationSeconds: number): void {
  if (durationSeconds <= maxDurationSeconds) return
  const message = `This film lasts ${clockTime(durationSeconds)}; at most ${clockTime(maxDurationSeconds)} is allowed here.`
  throw new AppError('video.too_long', message, { details: { durationSeconds, maxDurationSeconds } })
}
