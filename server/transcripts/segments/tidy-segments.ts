import type { Word } from '../../../shared/index.ts'
import type { HeardSegment } from '../engine.ts'

/** The shortest time that anything is given: one tick of a caption file. */
const tickSeconds = 0.001
const maxTextLength = 5000

/**
 * What engines and files say is not to be trusted with times: after this, segments start in order, lie inside the video,
 * last longer than nothing, and hold their words. One that holds no text or starts after the end is dropped.
 */
export function createTidier(durationSeconds: number): (heard: HeardSegment) => HeardSegment | null {
  const latest = durationSeconds > 0 ? durationSeconds : Number.POSITIVE_INFINITY
  let lastStart = 0
  return heard => {
    const text = cleanText(heard.text)
    const startSeconds = within(heard.startSeconds, lastStart, latest)
    const endSeconds = within(heard.endSeconds, startSeconds + tickSeconds, latest)
    if (text === '' || endSeconds <= startSeconds) return null
    lastStart = startSeconds
    const speaker = cleanText(heard.speaker ?? '')
    const span = { startSeconds, endSeconds }
    return { ...span, text, ...(speaker === '' ? {} : { speaker }), words: tidyWords(heard.words, span) }
  }
}

/** Words in order and inside their segment. Where there's no room left, the last ones lie on its end. */
function tidyWords(words: readonly Word[], span: { startSeconds: number; endSeconds: number }): Word[] {
  let lastStart = span.startSeconds
  return words.flatMap(heard => {
    const word = cleanText(heard.word)
    if (word === '') return []
    const startSeconds = within(heard.startSeconds, lastStart, round(span.endSeconds - tickSeconds))
    lastStart = startSeconds
    return [
      {
        ...heard,
        word,
        startSeconds,
        endSeconds: within(heard.endSeconds, startSeconds + tickSeconds, span.endSeconds),
      },
    ]
  })
}

/** `low` wins over `high`; what is no number becomes `low`. */
function within(value: number, low: number, high: number): number {
  const held = Number.isNaN(value) ? low : Math.max(low, Math.min(high, value))
  return round(Math.min(held, high))
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000

/** PostgreSQL stores neither NUL nor half a surrogate pair, and nobody reads control characters. */
const cleanText = (text: string): string =>
  text
    .slice(0, maxTextLength)
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
