import type { Segment } from '../../../shared/index.ts'
import type { Quote } from './best-quotes.ts'
import { completeSentence, isJoined, longestQuote } from './quotes.ts'
import { contentWords } from './words.ts'

/** For “What is this about?”: how the video opens, and the place that says most of its typical words. */
export function overviewQuotes(segments: readonly Segment[]): Quote[] {
  if (segments.length === 0) return []
  const words = segments.map(segment => contentWords(segment.text))
  const counts = new Map<string, number>()
  for (const word of words.flat()) counts.set(word, (counts.get(word) ?? 0) + 1)

  // Music and other noises in brackets open many captions and say nothing.
  const start = words.findIndex((said, place) => said.length > 0 && !/^[[(♪]/.test(segments[place]?.text ?? ''))
  const opening = completeSentence(segments, { first: Math.max(0, start), last: Math.max(0, start) })
  const typical = mostTypical(segments, { words, counts, from: opening.last + 1 })
  return [{ ...opening, score: 1 }, ...(typical ? [typical] : [])]
}

/** Words said once are typical of nothing; in a longer quote each must be worth its place. */
function mostTypical(
  segments: readonly Segment[],
  { words, counts, from }: { words: readonly string[][]; counts: ReadonlyMap<string, number>; from: number },
): Quote | undefined {
  let best: Quote | undefined
  let highest = 0
  for (let first = from; first < segments.length; first++) {
    const said = new Set<string>()
    for (let last = first; last < first + longestQuote; last++) {
      for (const word of words[last] ?? []) said.add(word)
      const repeated = [...said].reduce((sum, word) => sum + (counts.get(word) ?? 1) - 1, 0)
      const value = repeated / Math.sqrt(1 + said.size)
      if (value > highest) {
        highest = value
        best = { first, last, score: 0.5 }
      }
      if (!isJoined(segments, last)) break
    }
  }
  return best
}
