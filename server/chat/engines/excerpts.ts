import type { Segment } from '../../../shared/index.ts'
import type { AnswerRequest } from '../engine.ts'
import { segmentsAt } from '../place.ts'
import { isJoined } from './quotes.ts'
import { contentWords } from './words.ts'

/** A short run of neighbouring segments with a number of its own, so that what is cited can be found at once. */
export interface Excerpt {
  number: number
  segments: Segment[]
  score: number
}

export interface ExcerptLimits {
  /** Of all excerpts together: it bounds the tokens of the prompt. */
  totalCharacters: number
  excerptCharacters: number
}

type Scored = { place: number; score: number }

/** What the model may read: the best passages that fit, each segment once, in the order of the film. */
export function chooseExcerpts(request: AnswerRequest, limits: ExcerptLimits): Excerpt[] {
  const { question, earlier, place, passages, segments } = request
  const places = new Map(segments.map((segment, place) => [segment.index, place]))
  const retrieved = passages.flatMap(({ segments: indexes, score }) =>
    indexes.flatMap(index => ({ place: places.get(index) ?? -1, score })).filter(({ place }) => place >= 0),
  )
  const isOpen = contentWords(question, place).length === 0 && earlier === ''
  const wanted = isOpen || retrieved.length === 0 ? spreadOver(segments, limits.totalCharacters) : retrieved
  const first = atPlace(request, places, limits.totalCharacters)
  return group(segments, fit(segments, [...first, ...wanted], limits.totalCharacters), limits.excerptCharacters)
}

/** What is said where the question points; nothing when that is too long to be read whole. */
function atPlace(
  { place, segments }: AnswerRequest,
  places: ReadonlyMap<number, number>,
  totalCharacters: number,
): Scored[] {
  const there = place === null ? [] : segmentsAt(segments, place)
  const isTooLong = there.reduce((sum, segment) => sum + segment.text.length, 0) > totalCharacters
  return isTooLong ? [] : there.map(({ index }) => ({ place: places.get(index) ?? -1, score: 1 }))
}

/** For questions about the whole film: all of it when it is short, else stretches taken at equal distances. */
function spreadOver(segments: readonly Segment[], totalCharacters: number): Scored[] {
  const whole = segments.reduce((sum, segment) => sum + segment.text.length, 0)
  const share = Math.min(1, totalCharacters / Math.max(1, whole))
  const stretch = 8
  const step = Math.max(stretch, Math.ceil(stretch / share))
  return segments.flatMap((_, place) => (place % step < stretch ? { place, score: 1 } : []))
}

function fit(segments: readonly Segment[], wanted: readonly Scored[], totalCharacters: number): Map<number, number> {
  const kept = new Map<number, number>()
  let left = totalCharacters
  for (const { place, score } of wanted) {
    if (kept.has(place)) continue
    left -= segments[place]?.text.length ?? 0
    if (left < 0) break
    kept.set(place, score)
  }
  return kept
}

function group(segments: readonly Segment[], kept: ReadonlyMap<number, number>, excerptCharacters: number): Excerpt[] {
  const excerpts: Excerpt[] = []
  let length = 0
  for (const place of [...kept.keys()].sort((a, b) => a - b)) {
    const segment = segments[place]
    if (!segment) continue
    const score = kept.get(place) ?? 0
    const current = excerpts.at(-1)
    const follows =
      kept.has(place - 1) && isJoined(segments, place - 1) && length + segment.text.length <= excerptCharacters
    if (current && follows) {
      current.segments.push(segment)
      current.score = Math.max(current.score, score)
      length += segment.text.length
    } else {
      excerpts.push({ number: excerpts.length + 1, segments: [segment], score })
      length = segment.text.length
    }
  }
  return excerpts
}
