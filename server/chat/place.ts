import type { Message, Segment } from '../../shared/index.ts'
import { contentWords, hasWord, timesIn } from './engines/words.ts'

/** A part of the film that a question is about. */
export interface Place {
  startSeconds: number
  endSeconds: number
  /** It was marked from there to there: nothing else is meant. */
  isSpan: boolean
}

/** To each side of the second at which “here” was said. */
const aroundSeconds = 30

const pointing = [
  'here now gerade eben hier jetzt ici maintenant aquí ahora',
  // Two words, which count together only.
  'this-part this-section this-scene this-moment this-passage this-bit this-point this-place this-clip this-shot just-said',
  'diese-stelle dieser-stelle diese-szene dieser-szene diesem-teil dieser-teil diesen-teil dieser-abschnitt diesem-abschnitt',
  'diesem-moment diesen-moment cette-partie cette-scène ce-passage ce-moment esta-parte esta-escena este-momento este-fragmento',
].join(' ')

/**
 * A span is always meant. A single second is where the film stood: it is meant when the question points at it (“here”,
 * “this part”), or says nothing else to look for. A time that is written into the question says more than that.
 */
export function placeOf(
  { body, atSeconds, endSeconds }: Pick<Message, 'body' | 'atSeconds' | 'endSeconds'>,
  filmSeconds: number,
): Place | null {
  if (atSeconds !== null && endSeconds !== null && endSeconds > atSeconds)
    return { startSeconds: atSeconds, endSeconds, isSpan: true }
  const second = writtenSecond(body, filmSeconds) ?? (pointsAtSecond(body) ? atSeconds : null)
  if (second === null) return null
  return { startSeconds: Math.max(0, second - aroundSeconds), endSeconds: second + aroundSeconds, isSpan: false }
}

const pointsAtSecond = (body: string): boolean => hasWord(body, pointing) || contentWords(body).length === 0

/** Of several times none is the place, and one behind the end may be an hour of the day. */
function writtenSecond(body: string, filmSeconds: number): number | null {
  const [second, another] = timesIn(body)
  return second === undefined || another !== undefined || second >= filmSeconds ? null : second
}

/** What is said there, if only in part. */
export const segmentsAt = (segments: readonly Segment[], { startSeconds, endSeconds }: Place): Segment[] =>
  segments.filter(segment => segment.startSeconds < endSeconds && segment.endSeconds > startSeconds)
