/** A phrase said this often in a row is the recogniser going round in circles. */
const mostTimes = 4
const longestPhrase = 12

/** True when a sequence of tokens ends in a phrase said over and over: the decoder will not get out of it. */
export function endsInLoop<T>(tokens: readonly T[]): boolean {
  for (let length = 1; length <= longestPhrase; length++) {
    const needed = length * 2 * mostTimes
    if (needed <= tokens.length && periodicLength(tokens, tokens.length - needed, length) === needed) return true
  }
  return false
}

/** Words without the repeats of a phrase that is said too often in a row: it is kept once. */
export function withoutLoops<W>(words: readonly W[], textOf: (word: W) => string): W[] {
  const texts = words.map(word => textOf(word).toLowerCase())
  const kept: W[] = []
  for (let at = 0; at < words.length; ) {
    const loop = loopAt(texts, at)
    kept.push(...words.slice(at, at + (loop?.phraseLength ?? 1)))
    at += loop?.length ?? 1
  }
  return kept
}

function loopAt(texts: readonly string[], at: number): { phraseLength: number; length: number } | null {
  for (let phraseLength = 1; phraseLength <= longestPhrase; phraseLength++) {
    const length = periodicLength(texts, at, phraseLength)
    if (length < mostTimes * phraseLength) continue
    // At the very end the last repeat may be cut off; elsewhere such a rest belongs to what follows.
    return { phraseLength, length: at + length === texts.length ? length : length - (length % phraseLength) }
  }
  return null
}

/** For how many items, from `at` on, each is the same as the one `period` before it; the first `period` are counted in. */
function periodicLength(items: readonly unknown[], at: number, period: number): number {
  let end = at + period
  while (end < items.length && items[end] === items[end - period]) end++
  return Math.min(end, items.length) - at
}
