import type { Hit } from '../../shared/index.ts'
import { locatePhrase, locateTerms, type Run } from './locate.ts'
import type { FoundPassage, SpeakingPassage } from './queries.ts'
import type { SpokenQuery } from './query.ts'

/** What was found in each way, best first. */
export interface FoundLists {
  /** Passages that say the query word for word; their order means nothing. */
  phrase: readonly FoundPassage[]
  words: readonly SpeakingPassage[]
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
  return withoutRepeats(hits.toSorted((a, b) => b.score - a.score)).slice(0, limit)
}

/** Where a passage says what was asked; nowhere when it only means it. */
function createLocator({ phrase, words }: FoundLists, query: SpokenQuery): (passage: FoundPassage) => Run[] {
  const exact = new Set(phrase.map(passage => passage.id))
  const said = new Map(words.map(passage => [passage.id, passage.says]))
  const last = query.terms.at(-1)
  return ({ id, segments }) => {
    if (exact.has(id)) return locatePhrase(segments, query.words)
    const terms = (said.get(id) ?? []).map(text => ({ text, open: query.open && text === last }))
    const run = locateTerms(segments, terms)
    return run ? [run] : []
  }
}

/** 0 to 1; above a half are those, and only those, that say the phrase, if any does. */
function scorePassages({ phrase, words, near }: FoundLists): Map<string, number> {
  const fused = new Map<string, number>()
  const lists: (readonly (FoundPassage & { coverage?: number })[])[] = [words, near].filter(list => list.length > 0)
  for (const list of lists) {
    for (const [rank, passage] of list.entries()) {
      const share = ((passage.coverage ?? 1) * (evenness + 1)) / (evenness + 1 + rank) / lists.length
      fused.set(passage.id, (fused.get(passage.id) ?? 0) + share)
    }
  }
  if (phrase.length === 0) return fused
  const scores = new Map([...fused].map(([id, score]) => [id, score / 2]))
  for (const { id } of phrase) scores.set(id, (1 + (lists.length === 0 ? 1 : (fused.get(id) ?? 0))) / 2)
  return scores
}

function hitOf({ videoId, segments }: FoundPassage, { first, last }: Run, score: number): Hit {
  const shown = segments.slice(first, last + 1)
  return {
    videoId,
    startSeconds: shown[0]?.startSeconds ?? 0,
    endSeconds: Math.max(...shown.map(segment => segment.endSeconds)),
    text: shown.map(segment => segment.text).join(' '),
    score: Math.round(Math.min(1, score) * 10_000) / 10_000,
    segments: shown.map(segment => segment.index),
  }
}

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
