import type { Segment } from '../../shared/index.ts'
import { numbersSpokenIn } from './languages.ts'
import { plainWords, spaced } from './plain-text.ts'
import type { IndexedWords } from './queries.ts'
import type { PassageSegment } from './schema.ts'
import { otherSpellings } from './spellings.ts'

/** With so many words a passage says something, and is still about one thing. */
const enoughWords = 40
const mostWords = 60
/** Who is silent for longer begins something else. */
const pauseSeconds = 8

export interface Passage {
  segments: PassageSegment[]
}
type Piece = PassageSegment & { words: string[] }

/**
 * Neighbouring segments as passages of some 40 to 60 words. Each begins with the last segment of the one before it, so
 * that what is said across a border is found too; except after a pause, or where that segment would fill it.
 */
export function makePassages(segments: readonly Pick<Segment, keyof PassageSegment>[]): Passage[] {
  const passages: Piece[][] = []
  let current: Piece[] = []
  for (const piece of segments.map(pieceOf).filter(({ words }) => words.length > 0)) {
    const last = current.at(-1)
    if (last && (isFull(current) || !fits([...current, piece]) || isApart(last, piece))) {
      passages.push(current)
      current = !isApart(last, piece) && fits([last, piece]) ? [last] : []
    }
    current.push(piece)
  }
  if (current.length > 0) passages.push(current)
  return passages.map(passageOf)
}

/** What of a passage the index is made from; `speakers` are the names of those who speak in the film, by segment. */
export function indexedWords(
  segments: readonly PassageSegment[],
  { stemmer, speakers }: { stemmer: string; speakers: ReadonlyMap<number, string> },
): IndexedWords {
  const text = segments.map(segment => segment.text).join(' ')
  const names = new Set(segments.flatMap(({ index }) => speakers.get(index) ?? []))
  return {
    stemmer,
    plain: spaced(plainWords(text)),
    spellings: otherSpellings(text, numbersSpokenIn(stemmer)).join(' '),
    speakers: [...names].flatMap(plainWords).join(' '),
  }
}

export const speakersOf = (segments: readonly Pick<Segment, 'index' | 'speaker'>[]): Map<number, string> =>
  new Map(segments.flatMap(({ index, speaker }) => (speaker === undefined ? [] : [[index, speaker]])))

const pieceOf = ({ index, startSeconds, endSeconds, text }: PassageSegment): Piece => ({
  ...{ index, startSeconds, endSeconds, text },
  words: plainWords(text),
})
const passageOf = (pieces: readonly Piece[]): Passage => ({
  segments: pieces.map(({ words: _, ...segment }) => segment),
})

const countWords = (pieces: readonly Piece[]): number => pieces.reduce((sum, { words }) => sum + words.length, 0)
const isFull = (pieces: readonly Piece[]): boolean => countWords(pieces) >= enoughWords
const fits = (pieces: readonly Piece[]): boolean => countWords(pieces) <= mostWords
const isApart = (before: Piece, after: Piece): boolean => after.startSeconds - before.endSeconds > pauseSeconds
