import { clockTime } from '../../shared/index.ts'
import type { Ffmpeg, MediaFacts } from '../media/index.ts'
import { AppError } from '../platform/errors.ts'
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
  if (reached.seconds <= 0) return claimed
  // The last picture is shown for as long as every other one; where it began is all that was measured.
  const isLastPicture =
    !layout.cutShort && claimed > reached.seconds && claimed - reached.seconds <= pictureSeconds(facts, streams)
  return isLastPicture ? claimed : reached.seconds
}

/** How long a picture is shown, with room for what containers round; 0 for what has none. */
function pictureSeconds({ streams }: MediaFacts, chosen: readonly number[]): number {
  const rates = streams.flatMap(({ index, frameRate }) => (chosen.includes(index) && frameRate ? [frameRate] : []))
  return rates.length > 0 ? 1 / Math.min(...rates) + 0.001 : 0
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
