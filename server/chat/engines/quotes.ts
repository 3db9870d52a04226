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
/** Where no segment near by ends a sentence, nobody set full stops, and a sentence can't be found. */
const neighbourhood = 8

export const segmentsIn = (segments: readonly Segment[], { first, last }: Span): Segment[] =>
  segments.slice(first, last + 1)
/** What is said there, to the letter. */
export const textOf = (segments: readonly Segment[]): string => segments.map(segment => segment.text).join(' ')

/** Whether the segment at this place and the one after it are one person's speech without a long pause. */
export function isJoined(segments: readonly Segment[], at: number): boolean {
  const [before, after] = [segments[at], segments[at + 1]]
  if (before === undefined || after === undefined) return false
  const isSameSpeaker = after.speaker === undefined || after.speaker === before.speaker
  return isSameSpeaker && after.startSeconds - before.endSeconds <= pauseSeconds
}

/** Lengthens a short quote to its sentence, where the transcript has sentences: forwards first, for there it goes on. */
export function completeSentence(segments: readonly Segment[], span: Span): Span {
  let { first, last } = span
  const around = segments.slice(Math.max(0, first - neighbourhood), last + neighbourhood + 1)
  if (!around.some(endsSentence)) return span
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
