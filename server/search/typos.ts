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

/** Whether it could be a misspelt word at all: only words in Latin letters are in lists, and numbers are meant as they are. */
export const mayBeTypo = (word: string): boolean =>
  allowance(word) > 0 && word.length <= longestWord && /^\p{sc=Latin}+$/u.test(word)

/** The words that `typed` may have been meant to be, the nearest first; those that are equally near in their order. */
export function closestWords(typed: string, words: readonly string[]): string[] {
  const most = allowance(typed)
  return words
    .filter(word => word.length <= longestWord && Math.abs(word.length - typed.length) <= most)
    .map(word => ({ word, distance: editDistance(typed, word) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .map(({ word }) => word)
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
