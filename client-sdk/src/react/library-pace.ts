import type { Video } from '../index.ts'

const quickMs = 1200
const calmMs = 15_000
/** After a minute without a change the pace is the calm one. */
const shareOfSilence = 1 / 4

/** What in a library is on its way, and how far; empty when nothing is. */
export const whatMoves = (videos: readonly Video[]): string =>
  JSON.stringify(
    videos.flatMap(({ id, status, progress }) =>
      status === 'ready' || status === 'error' ? [] : [[id, status, progress.percent]],
    ),
  )

/**
 * How long to wait before the library is asked for again. What stands still, such as an upload whose sender is gone, is
 * asked for less and less: it may be waited for a whole day.
 */
export function libraryGapMs(moving: string, silentMs: number): number {
  if (moving === '[]') return calmMs
  return Math.min(calmMs, Math.max(quickMs, silentMs * shareOfSilence))
}
