import { timeCode } from '../../../client-sdk/src/index.ts'
import type { Span } from './desk.ts'

/** `0:12`, or `0:12 – 0:20`. */
export function placeWords(atSeconds: number, endSeconds: number | null): string {
  return endSeconds === null ? timeCode(atSeconds) : `${timeCode(atSeconds)} – ${timeCode(endSeconds)}`
}

/** Begins at this second, and keeps its end where that comes later. */
export function markedIn(span: Span | null, seconds: number): Span {
  const end = span?.endSeconds ?? null
  return { startSeconds: seconds, endSeconds: end !== null && end > seconds ? end : null }
}

/** Ends at this second; without a beginning before it, the film's is taken. */
export function markedOut(span: Span | null, seconds: number): Span {
  const start = span && span.startSeconds < seconds ? span.startSeconds : 0
  return { startSeconds: start, endSeconds: seconds > start ? seconds : null }
}
