/** Scripts that put no spaces between words, with the marks that they share. */
const unspaced = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u
const wordShape = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu
const characterShape = /[\p{L}\p{N}]\p{M}*/gu

/**
 * What two texts have in common when they say the same: lower case, no accents, no apostrophes, no other marks. Where a
 * script has no spaces every character counts as a word, so that any part of a sentence can be found as a phrase.
 */
export const plainWords = (text: string): string[] =>
  (simplify(text).match(wordShape) ?? []).flatMap(word =>
    unspaced.test(word) ? (word.match(characterShape) ?? []) : [word],
  )

/** Words with a space on both sides of each, also of the first and the last: ` one phrase ` is then found as it stands. */
export const spaced = (words: readonly string[]): string => (words.length === 0 ? '' : ` ${words.join(' ')} `)

/**
 * The different words of a query, as what is to be looked for each by itself. Where a script has no spaces those are
 * words too, as a dictionary cuts them, each a phrase of its characters.
 */
export function queryTerms(query: string): string[] {
  const terms = (simplify(query).match(wordShape) ?? []).flatMap(word =>
    unspaced.test(word) ? dictionaryWords(word).map(part => (part.match(characterShape) ?? []).join(' ')) : [word],
  )
  return [...new Set(terms)].filter(term => term !== '')
}

const dictionaryWords = (text: string): string[] =>
  [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment)

const simplify = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’‘ʼ`´]/g, '')
    .normalize('NFC')
    .toLowerCase()
