import type { Segment } from '../../../client-sdk/src/index.ts'

/** A word where it stands in its segment's text, with what stands before it. */
export interface PlacedWord {
  lead: string
  text: string
  startSeconds: number
  endSeconds: number
}

/** The text cut at its words. Words that can't be found in it are shown as the engine wrote them. */
export function placedWords(segment: Segment): { words: PlacedWord[]; tail: string } {
  if (segment.words.length === 0) {
    const { startSeconds, endSeconds, text } = segment
    return { words: [{ lead: '', text, startSeconds, endSeconds }], tail: '' }
  }
  let cursor = 0
  const words: PlacedWord[] = []
  for (const { word, startSeconds, endSeconds } of segment.words) {
    const text = word.trim()
    const at = segment.text.indexOf(text, cursor)
    if (at < 0) return { words: spaced(segment), tail: '' }
    words.push({ lead: segment.text.slice(cursor, at), text, startSeconds, endSeconds })
    cursor = at + text.length
  }
  return { words, tail: segment.text.slice(cursor) }
}

const spaced = (segment: Segment): PlacedWord[] =>
  segment.words.map(({ word, startSeconds, endSeconds }, position) => ({
    lead: position === 0 ? '' : ' ',
    text: word.trim(),
    startSeconds,
    endSeconds,
  }))

/** Index of the last item that starts at or before `seconds`, or -1. Items in order of their start. */
export function lastStarted(items: readonly { startSeconds: number }[], seconds: number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle]?.startSeconds ?? Number.POSITIVE_INFINITY) <= seconds) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The segment being spoken, or -1 in a pause of more than a second. */
export function spokenAt(segments: readonly Segment[], seconds: number): number {
  const index = lastStarted(segments, seconds + 0.02)
  return seconds < (segments[index]?.endSeconds ?? -2) + 1 ? index : -1
}

/** A few words around a second, for hovering; null in silence. */
export function wordsAround(
  segments: readonly Segment[],
  seconds: number,
): { before: string; word: string; after: string } | null {
  const segment = segments[spokenAt(segments, seconds)]
  if (!segment) return null
  const { words, tail } = placedWords(segment)
  const at = Math.max(0, lastStarted(words, seconds))
  const join = (from: number, to: number) =>
    words
      .slice(Math.max(0, from), to)
      .map(word => word.lead + word.text)
      .join('')
  return {
    before: join(at - 5, at).trimStart(),
    word: words[at]?.text ?? '',
    after: join(at + 1, at + 6) + (at + 6 >= words.length ? tail : ''),
  }
}
