/** A word of this length is compared, a longer one only equalled: nobody mistypes it, and comparing costs its square. */
const longestWord = 40

/** How many letters of a word may be wrong. Of short words too many are alike. */
const allowance = (word: string): number => (word.length < 4 ? 0 : word.length < 7 ? 1 : 2)

/**
 * Where to look for the word that was meant: a slip spares the beginning or the end. Both as long as it takes to keep
 * the number of words small.
 */
export function wordShape(typed: string): { start: string; end: string; shortest: number; longest: number } {
  const spared = typed.length < 7 ? 2 : 3
  const slack = allowance(typed)
  return {
    ...{ start: typed.slice(0, spared), end: typed.slice(-spared) },
    ...{ shortest: typed.length - slack, longest: typed.length + slack },
  }
}

/** Whether it could be a misspelt word at all: numbers are meant as they are. */
export const mayBeTypo = (word: string): boolean =>
  allowance(word) > 0 && word.length <= longestWord && !/[\p{N} ]/u.test(word)

/** The word that `typed` was probably meant to be; the first of those that are equally near. Null when none is near. */
export function closestWord(typed: string, words: Iterable<string>): string | null {
  let closest: { word: string; distance: number } | null = null
  for (const word of words) {
    if (word.length > longestWord || Math.abs(word.length - typed.length) > allowance(typed)) continue
    const distance = editDistance(typed, word)
    if (distance <= allowance(typed) && distance < (closest?.distance ?? Number.POSITIVE_INFINITY))
      closest = { word, distance }
  }
  return closest?.word ?? null
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY
