import type { Segment } from '../../../shared/index.ts'
import { isWeak } from '../../search/index.ts'
import type { AnswerRequest } from '../engine.ts'
import { segmentsAt } from '../place.ts'
import { completeSentence, isJoined, longestQuote, type Span, segmentsIn, textOf } from './quotes.ts'
import { contentWords, isSameWord, wordsOf } from './words.ts'

export interface Quote extends Span {
  /** 0 to 1: how much of what was asked about is said there. */
  score: number
}

/** Of a long question; each term is looked for in the whole transcript. */
const mostTerms = 40
/** Of a question that is about a place, or goes on from another: less of it than this, and it isn't spoken of there. */
const leastScore = 0.3
/** Beside the best quote only those stand that come near it. */
const nearBest = 0.5
/** Each further segment must be worth it. */
const lengthCost = 0.9
/** What search has not found may still be quoted, if nothing of what it found can be. */
const unfound = 0.1
const expectedBonus = 0.25
/** For being said where the question points. */
const placeBonus = 1
/** For standing where the question before was answered, or soon after: who “he” is was named before. */
const earlierBonus = 0.5
const earlierReach = 2

/** What an answer to such a question would show, whatever it is about. */
const expectations: readonly [question: RegExp, answer: RegExp][] = [
  [
    /\bwhen\b|\bwhat (year|date|day|time)\b|\bhow long ago\b/i,
    /\d|\bcentur|\byears?\b|\bday|\bago\b|\bmorrow|\bday\b|january|february|march|april|may \d|june|july|august|september|october|november|december/i,
  ],
  [
    /\bhow (many|much|long|old|far|often|big|tall)\b/i,
    /\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty|hundred|thousand|million|billion|dozen|half|twice)\b/i,
  ],
  [/\bwhy\b/i, /\bbecause\b|\bsince\b|\bso that\b|\breason|\bdue to\b|\bin order to\b/i],
  [/\bwho(m|se)?\b/i, /[\p{Ll},] \p{Lu}\p{Ll}+/u],
]

export type QuoteRequest = Pick<AnswerRequest, 'question' | 'earlier' | 'place' | 'segments' | 'passages'>

/** The places that speak most of what is asked about, best first; none when the video does not seem to speak of it. */
export function bestQuotes(request: QuoteRequest, count: number): Quote[] {
  const { question, earlier, place, segments, passages } = request
  const standsAlone = earlier === '' && place === null
  if (standsAlone && isWeak(passages)) return []
  const bonus = bonusOf(request)
  const own = contentWords(question, place)
  const terms = own.length > 0 ? own : contentWords(earlier)
  const ranked = candidates(segments, terms.slice(0, mostTerms))
    .map(quote => ({ ...quote, rank: (1 + quote.score) * bonus(quote) }))
    .sort((a, b) => b.rank - a.rank || a.first - b.first)
  const chosen: (Quote & { rank: number })[] = []
  for (const { rank, score, ...span } of ranked) {
    if (chosen.length === count || rank < nearBest * (chosen[0]?.rank ?? 0)) break
    if (!standsAlone && score < leastScore) continue
    const quote = { ...completeSentence(segments, span), rank, score }
    if (!chosen.some(other => overlaps(other, quote) || saysTheSame(segments, [other, quote]))) chosen.push(quote)
  }
  return chosen.map(({ first, last, score }) => ({ first, last, score }))
}

/** Every run of up to three segments in which each one adds a word of the question. */
function candidates(segments: readonly Segment[], terms: readonly string[]): Quote[] {
  const { found, weights } = findTerms(segments, terms)
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const quotes: Quote[] = []
  for (const first of found.keys()) {
    const said = new Set<number>()
    for (let last = first; last < first + longestQuote; last++) {
      const before = said.size
      for (const term of found.get(last) ?? []) said.add(term)
      if (said.size > before) {
        const weight = [...said].reduce((sum, term) => sum + (weights[term] ?? 0), 0)
        quotes.push({ first, last, score: (weight / whole) * lengthCost ** (last - first) })
      }
      if (!isJoined(segments, last)) break
    }
  }
  return quotes
}

/** Which terms each segment says, and what each term weighs: the rarer in this video, the more; 1 when never said. */
function findTerms(segments: readonly Segment[], terms: readonly string[]) {
  const places = new Map<string, Set<number>>()
  for (const [place, { text, speaker }] of segments.entries()) {
    for (const word of wordsOf(speaker ? `${speaker} ${text}` : text)) {
      const known = places.get(word)
      if (known) known.add(place)
      else places.set(word, new Set([place]))
    }
  }
  const found = new Map<number, Set<number>>()
  const weights = terms.map((term, index) => {
    const saying = new Set([...places].filter(([word]) => isSameWord(word, term)).flatMap(([, at]) => [...at]))
    for (const place of saying) found.set(place, (found.get(place) ?? new Set()).add(index))
    return saying.size === 0 ? 1 : Math.log(1 + segments.length / saying.size) / Math.log(1 + segments.length)
  })
  return { found, weights }
}

function bonusOf({ question, earlier, place, segments, passages }: QuoteRequest): (span: Span) => number {
  const best = Math.max(0, ...passages.map(passage => passage.score)) || 1
  const retrieved = new Map<number, number>()
  for (const { segments, score } of passages) {
    for (const index of segments) retrieved.set(index, Math.max(retrieved.get(index) ?? 0, score / best))
  }
  const expected = expectations.filter(([asks]) => asks.test(question)).map(([, answers]) => answers)
  const speaksOfEarlier = shareOf(segments, contentWords(earlier).slice(0, mostTerms))
  const there = new Set(place === null ? [] : segmentsAt(segments, place).map(segment => segment.index))
  return span => {
    const spoken = segmentsIn(segments, span)
    const text = textOf(spoken)
    const near = Math.max(0, ...spoken.map(segment => retrieved.get(segment.index) ?? 0))
    return (
      (unfound + near) *
      (1 + earlierBonus * speaksOfEarlier(span)) *
      (spoken.some(segment => there.has(segment.index)) ? 1 + placeBonus : 1) *
      (expected.some(answer => answer.test(text)) ? 1 + expectedBonus : 1)
    )
  }
}

/** How many of these words are said in a span or just before it, 0 to 1. */
function shareOf(segments: readonly Segment[], terms: readonly string[]): (span: Span) => number {
  if (terms.length === 0) return () => 0
  const { found } = findTerms(segments, terms)
  return ({ first, last }) => {
    const said = new Set<number>()
    for (let at = first - earlierReach; at <= last; at++) for (const term of found.get(at) ?? []) said.add(term)
    return said.size / terms.length
  }
}

const overlaps = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last

/** A refrain is quoted once. */
const saysTheSame = (segments: readonly Segment[], [a, b]: readonly [Span, Span]): boolean =>
  textOf(segmentsIn(segments, a)).toLowerCase() === textOf(segmentsIn(segments, b)).toLowerCase()
