import { sql } from 'drizzle-orm'
import type { Queryable } from '../../server/platform/db/index.ts'
import { plainWords } from '../../server/search/plain-text.ts'
import type { Meeting } from './meetings.ts'

/** So many words each, one after the other: what the product's passages are measured against. */
const windowWords = 60

export interface Window {
  meeting: Meeting
  startSeconds: number
  endSeconds: number
  words: string[]
}

export function windowsOf(meeting: Meeting): Window[] {
  const windows: Window[] = []
  for (const { startSeconds, endSeconds, text } of meeting.segments) {
    for (const word of plainWords(text)) {
      const current = windows.at(-1)
      if (current && current.words.length < windowWords) {
        current.words.push(word)
        current.endSeconds = endSeconds
      } else windows.push({ meeting, startSeconds, endSeconds, words: [word] })
    }
  }
  return windows
}

/** What a word is compared by; null for one that doesn't count. */
export type Stem = (word: string) => string | null
export const asItIs: Stem = word => word

/** By PostgreSQL's English stemmer and its stop words. */
export async function readStems(db: Queryable, words: Iterable<string>): Promise<Stem> {
  const rows = await db.execute<{ word: string; stem: string | null }>(sql`
    select word, (ts_lexize('english_stem', word))[1] as stem
    from jsonb_array_elements_text(${JSON.stringify([...new Set(words)])}::jsonb) as word`)
  const stems = new Map(rows.map(row => [row.word, row.stem]))
  return word => stems.get(word) ?? null
}

const [k1, b] = [1.2, 0.75]

/** Ranks windows by BM25 with the usual settings. */
export function createBm25(windows: readonly Window[], stem: Stem): (question: string) => Window[] {
  const counted = windows.map(window => {
    const stems = window.words.flatMap(word => stem(word) ?? [])
    return { window, length: stems.length, counts: countOf(stems) }
  })
  const average = counted.reduce((sum, { length }) => sum + length, 0) / counted.length
  return question => {
    const terms = new Set(plainWords(question).flatMap(word => stem(word) ?? []))
    const scores = counted.map(({ window }) => ({ window, score: 0 }))
    for (const term of terms) {
      const saying = counted.filter(({ counts }) => counts.has(term)).length
      const rarity = Math.log(1 + (counted.length - saying + 0.5) / (saying + 0.5))
      for (const [at, { length, counts }] of counted.entries()) {
        const count = counts.get(term) ?? 0
        const share = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / average))
        const scored = scores[at]
        if (scored) scored.score += rarity * share
      }
    }
    const found = scores.filter(({ score }) => score > 0).sort((one, other) => other.score - one.score)
    return found.map(({ window }) => window)
  }
}

function countOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
