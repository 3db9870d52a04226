/** A phrase said this often in a row is the recogniser going round in circles. */
const mostRepeats = 4
const longestPhrase = 12

/** True when a sequence of tokens ends in a phrase said over and over: the decoder will not get out of it. */
export function endsInLoop<T>(tokens: readonly T[]): boolean {
  for (let length = 1; length <= longestPhrase; length++) {
    if (repeatsFrom(tokens, { at: tokens.length - length * 2 * mostRepeats, length }) >= 2 * mostRepeats) return true
  }
  return false
}

/** Words without the repeats of a phrase that is said too often in a row: it is kept once. */
export function withoutLoops<W>(words: readonly W[], textOf: (word: W) => string): W[] {
  const texts = words.map(word => textOf(word).toLowerCase())
  const kept: W[] = []
  for (let at = 0; at < words.length; ) {
    const loop = loopAt(texts, at)
    kept.push(...words.slice(at, at + (loop?.length ?? 1)))
    at += loop === null ? 1 : loop.length * loop.repeats
  }
  return kept
}

function loopAt(texts: readonly string[], at: number): { length: number; repeats: number } | null {
  for (let length = 1; length <= longestPhrase; length++) {
    const repeats = repeatsFrom(texts, { at, length })
    if (repeats >= mostRepeats) return { length, repeats }
  }
  return null
}

/** How often the phrase at `at` stands there in a row. */
function repeatsFrom<T>(items: readonly T[], { at, length }: { at: number; length: number }): number {
  if (at < 0 || at + length > items.length) return 0
  let same = 0
  while (at + length + same < items.length && items[at + same] === items[at + length + same]) same++
  return 1 + Math.floor(same / length)
}
