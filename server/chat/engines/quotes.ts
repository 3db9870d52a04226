import type { Citation, Segment } from '../../../shared/index.ts'

/** Neighbouring segments, by their places in the transcript, both ends included. */
export interface Span {
  first: number
  last: number
}

/** Segments further apart do not belong to one quote. */
const pauseSeconds = 8
/** A quote shorter than this may be a part of a sentence only, so it is completed. */
const completeBelowCharacters = 80
export const longestQuote = 3

export const segmentsIn = (segments: readonly Segment[], { first, last }: Span): Segment[] =>
  segments.slice(first, last + 1)
/** What is said there, to the letter. */
export const textOf = (segments: readonly Segment[]): string => segments.map(segment => segment.text).join(' ')

export const isJoined = (segments: readonly Segment[], at: number): boolean => {
  const [before, after] = [segments[at], segments[at + 1]]
  return before !== undefined && after !== undefined && after.startSeconds - before.endSeconds <= pauseSeconds
}

/** Lengthens a short quote to its sentence: forwards first, for there the answer goes on. */
export function completeSentence(segments: readonly Segment[], span: Span): Span {
  let { first, last } = span
  const isShort = () =>
    last - first + 1 < longestQuote && textOf(segmentsIn(segments, { first, last })).length < completeBelowCharacters
  while (isShort() && isJoined(segments, last) && !endsSentence(segments[last])) last++
  while (
    isShort() &&
    isJoined(segments, first - 1) &&
    beginsInside(segments[first]) &&
    !endsSentence(segments[first - 1])
  )
    first--
  return { first, last }
}

const endsSentence = (segment: Segment | undefined): boolean =>
  /[.!?…。！？।]["'”’)\]]*$/u.test(segment?.text.trimEnd() ?? '')
const beginsInside = (segment: Segment | undefined): boolean => /^\p{Ll}/u.test(segment?.text.trimStart() ?? '')

export function citationOf(spoken: readonly Segment[], score: number): Citation {
  return {
    startSeconds: spoken[0]?.startSeconds ?? 0,
    endSeconds: spoken.at(-1)?.endSeconds ?? 0,
    text: textOf(spoken),
    segmentIndexes: spoken.map(segment => segment.index),
    score: Math.round(Math.min(1, score) * 1000) / 1000,
  }
}
