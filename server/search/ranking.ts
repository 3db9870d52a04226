import type { Hit } from '../../shared/index.ts'
import type { SayingPassage } from './find-words.ts'
import { locatePhrase, locateTerms, type Run } from './locate.ts'
import type { FoundPassage } from './queries.ts'
import type { SpokenQuery } from './query.ts'

/** What was found in each way, best first. */
export interface FoundLists {
  /** Passages that say the query word for word; their order means nothing. */
  phrase: readonly FoundPassage[]
  words: readonly SayingPassage[]
  near: readonly FoundPassage[]
}
export interface RankOptions {
  query: SpokenQuery
  limit: number
  /** Show the segments that match only; else the whole passage, which is more to read. */
  narrow: boolean
}

/** The greater, the less it matters to be the first in a list rather than the fifth. */
const evenness = 20
/** From here on it is said word for word. */
const wordForWord = 0.9
/** A place so near to a better one tells little that is new. */
const nearSeconds = 45
const besideBetter = 0.6
/** Who says less of a question than this, as often as not speaks of something else. */
const weakBelow = 0.26

export const isWeak = (hits: readonly Pick<Hit, 'score'>[]): boolean => (hits[0]?.score ?? 0) < weakBelow

/**
 * One list of hits from several (reciprocal rank fusion). Who says the query word for word comes before all others. A
 * hit that another one covers more than half is left out: passages overlap.
 */
export function rankHits(lists: FoundLists, { query, limit, narrow }: RankOptions): Hit[] {
  const scores = scorePassages(lists)
  const locate = narrow ? createLocator(lists, query) : () => []
  const found = new Map([...lists.phrase, ...lists.words, ...lists.near].map(passage => [passage.id, passage]))
  const hits = [...found.values()].flatMap(passage => {
    const runs = locate(passage)
    const whole = { first: 0, last: passage.segments.length - 1 }
    return (runs.length > 0 ? runs : [whole]).map(run => hitOf(passage, run, scores.get(passage.id) ?? 0))
  })
  return spread(withoutRepeats(hits.toSorted(byScore))).slice(0, limit)
}

/** Each segment in which a picture letter stands. */
export function hitsOfPicture(
  found: readonly FoundPassage[],
  { picture, limit }: { picture: string; limit: number },
): Hit[] {
  const hits = found.flatMap(passage =>
    passage.segments.flatMap(({ text }, at) =>
      text.includes(picture) ? [hitOf(passage, { first: at, last: at }, 1)] : [],
    ),
  )
  return withoutRepeats(hits).slice(0, limit)
}

const byScore = (a: Hit, b: Hit): number => b.score - a.score

/** What lies around a better place makes room for places elsewhere; what is said word for word stays where it is. */
function spread(hits: readonly Hit[]): Hit[] {
  const shown: Hit[] = []
  for (const hit of hits) {
    const isBeside = hit.score < wordForWord && shown.some(other => isNear(other, hit))
    shown.push(isBeside ? { ...hit, score: rounded(hit.score * besideBetter) } : hit)
  }
  return shown.toSorted(byScore)
}

const isNear = (a: Hit, b: Hit): boolean =>
  a.videoId === b.videoId && a.startSeconds < b.endSeconds + nearSeconds && b.startSeconds < a.endSeconds + nearSeconds

/** Where a passage says what was asked; nowhere when it only means it. */
function createLocator({ phrase, words }: FoundLists, query: SpokenQuery): (passage: FoundPassage) => Run[] {
  const exact = new Set(phrase.map(passage => passage.id))
  const said = new Map(words.map(passage => [passage.id, passage.says]))
  return ({ id, segments, stemmer }) => {
    if (exact.has(id)) return locatePhrase(segments, query.words)
    const run = locateTerms({ segments, stemmer }, said.get(id) ?? [])
    return run ? [run] : []
  }
}

/** 0 to 1; from `wordForWord` on are those, and only those, that say the phrase. */
function scorePassages({ phrase, words, near }: FoundLists): Map<string, number> {
  const fused = new Map<string, number>()
  const lists: (readonly (FoundPassage & { score?: number })[])[] = [words, near].filter(list => list.length > 0)
  for (const list of lists) {
    for (const [rank, passage] of list.entries()) {
      const share = passage.score ?? (evenness + 1) / (evenness + 1 + rank)
      fused.set(passage.id, (fused.get(passage.id) ?? 0) + share / lists.length)
    }
  }
  const scores = new Map([...fused].map(([id, score]) => [id, wordForWord * score]))
  for (const { id } of phrase) scores.set(id, wordForWord + (1 - wordForWord) * (fused.get(id) ?? 1))
  return scores
}

function hitOf({ videoId, segments }: FoundPassage, { first, last }: Run, score: number): Hit {
  const shown = segments.slice(first, last + 1)
  return {
    videoId,
    startSeconds: shown[0]?.startSeconds ?? 0,
    endSeconds: Math.max(...shown.map(segment => segment.endSeconds)),
    text: shown.map(segment => segment.text).join(' '),
    score: rounded(Math.min(1, score)),
    segments: shown.map(segment => segment.index),
  }
}

const rounded = (score: number): number => Math.round(score * 10_000) / 10_000

function withoutRepeats(hits: readonly Hit[]): Hit[] {
  const kept: Hit[] = []
  for (const hit of hits) {
    if (!kept.some(other => other.videoId === hit.videoId && isMostlySame(other, hit))) kept.push(hit)
  }
  return kept
}

function isMostlySame(a: Hit, b: Hit): boolean {
  const shared = a.segments.filter(index => b.segments.includes(index)).length
  return shared > Math.min(a.segments.length, b.segments.length) / 2
}
