import type { Segment } from '../index.ts'

/** In order, once each: a later one of the same index is a correction. */
export function withSegments(before: readonly Segment[], more: readonly Segment[]): Segment[] {
  const byIndex = new Map([...before, ...more].map(segment => [segment.index, segment]))
  return [...byIndex.values()].sort((a, b) => a.index - b.index)
}
