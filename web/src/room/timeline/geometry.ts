import type { Segment, Waveform } from '../../../../client-sdk/src/index.ts'

/** How much is said in each of `count` equal parts of the film: 0 is silence, 1 the densest part. */
export function speechDensity(segments: readonly Segment[], durationSeconds: number, count: number): number[] {
  const weights = new Array<number>(count).fill(0)
  if (durationSeconds <= 0) return weights
  for (const segment of segments) {
    const pieces = segment.words.length > 0 ? segment.words : [{ ...segment, word: segment.text }]
    for (const piece of pieces) spread(weights, piece, durationSeconds)
  }
  const top = Math.max(...weights, 0.0001)
  return weights.map(weight => weight / top)
}

/** How loud each of `count` equal parts of the film is: 0 is silence, 1 its loud parts. A single bang is cut off at 1. */
export function loudness({ peaks, secondsPerPeak }: Waveform, durationSeconds: number, count: number): number[] {
  const peaksPerPart = durationSeconds / secondsPerPeak / count
  const parts = Array.from({ length: count }, (_, part) => {
    const first = Math.floor(part * peaksPerPart)
    const inside = peaks.slice(first, Math.max(first + 1, Math.floor((part + 1) * peaksPerPart)))
    return Math.max(0, ...inside)
  })
  const top = Math.max(0.01, parts.toSorted((a, b) => a - b)[Math.floor(count * 0.97)] ?? 0)
  return parts.map(part => Math.min(1, part / top))
}

/** A word's letters, shared out among the parts it lies in. */
function spread(
  weights: number[],
  piece: { startSeconds: number; endSeconds: number; word: string },
  durationSeconds: number,
): void {
  const perPart = durationSeconds / weights.length
  const length = Math.max(0.05, piece.endSeconds - piece.startSeconds)
  const first = Math.max(0, Math.floor(piece.startSeconds / perPart))
  const last = Math.min(weights.length - 1, Math.floor((piece.startSeconds + length) / perPart))
  for (let part = first; part <= last; part++) {
    const inside =
      Math.min(piece.startSeconds + length, (part + 1) * perPart) - Math.max(piece.startSeconds, part * perPart)
    weights[part] = (weights[part] ?? 0) + (piece.word.length * Math.max(0, inside)) / length
  }
}

const roundSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200]

/** Seconds at round distances, at most `most` of them, without the two ends. */
export function ticks(durationSeconds: number, most: number): number[] {
  const step = roundSteps.find(seconds => durationSeconds / seconds <= most) ?? durationSeconds
  const count = Math.max(0, Math.ceil((durationSeconds - step * 0.4) / step) - 1)
  return Array.from({ length: count }, (_, position) => (position + 1) * step)
}

/** As a CSS length along the timeline. */
export function along(seconds: number, durationSeconds: number): string {
  const part = durationSeconds > 0 ? Math.min(1, Math.max(0, seconds / durationSeconds)) : 0
  return `${(part * 100).toFixed(3)}%`
}

export interface Pin<T> {
  seconds: number
  items: T[]
}

/** Things that would cover each other become one pin. */
export function pinned<T extends { atSeconds: number | null }>(
  items: readonly T[],
  closerThanSeconds: number,
): Pin<T>[] {
  const timed = items.flatMap(item => (item.atSeconds === null ? [] : [{ item, seconds: item.atSeconds }]))
  const pins: Pin<T>[] = []
  for (const { item, seconds } of timed.toSorted((a, b) => a.seconds - b.seconds)) {
    const last = pins.at(-1)
    if (last && seconds - last.seconds < closerThanSeconds) last.items.push(item)
    else pins.push({ seconds, items: [item] })
  }
  return pins
}

/** Spans that overlap lie in different lanes, as long as there are lanes. */
export function inLanes<T extends { startSeconds: number; endSeconds: number }>(
  spans: readonly T[],
  laneCount: number,
): { item: T; lane: number }[] {
  const ends = new Array<number>(laneCount).fill(Number.NEGATIVE_INFINITY)
  return spans
    .toSorted((a, b) => a.startSeconds - b.startSeconds)
    .map(item => {
      const free = ends.findIndex(end => end <= item.startSeconds)
      const lane = free < 0 ? laneCount - 1 : free
      ends[lane] = Math.max(ends[lane] ?? 0, item.endSeconds)
      return { item, lane }
    })
}
