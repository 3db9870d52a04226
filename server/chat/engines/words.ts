import { askingWords } from '../../search/index.ts'

/** Scripts that put no spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const wordShape = /[\p{L}\p{N}\p{M}]+(?:['’]\p{L}+)*/gu

/** The words of a text in lower case and without accents. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
  return (plain.match(wordShape) ?? []).flatMap(word => (unspaced.test(word) ? cut(word) : word.replace(/['’]s$/, '')))
}

/**
 * What a question is about: its words without those that only ask. Empty for “What is this about?”, and for “What is said
 * at 0:22?” where that is known to be a place.
 */
export const contentWords = (question: string, place: object | null = null): string[] =>
  contentIn(place === null ? withoutTimes(question) : question.replace(time, ' '))

const time = /(?<![\p{L}\p{N}:])\d{1,3}(?::[0-5]\d){1,2}(?![\p{L}\p{N}:])/gu

/** The time codes in a text, in seconds. */
export const timesIn = (text: string): number[] =>
  [...text.matchAll(time)].map(([code]) => code.split(':').reduce((sum, part) => sum * 60 + Number(part), 0))

/** A time code says where somebody looked: what they ask about is the rest, if there is one. */
export function withoutTimes(question: string): string {
  const rest = question.replace(time, ' ')
  return rest === question || contentIn(rest).length > 0 ? rest : question
}

const contentIn = (text: string): string[] => [...new Set(wordsOf(text))].filter(word => !askingWords.has(word))

/** Whether a text says one of the words of a list; `this-part` in it stands for the two, one after the other. */
export function hasWord(text: string, list: string): boolean {
  const said = ` ${wordsOf(text).join(' ')} `
  return list.split(' ').some(word => said.includes(` ${wordsOf(word).join(' ')} `))
}

const cut = (text: string): string[] =>
  [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment)

/** Endings that leave a word the same word: English first, then what German, French and Spanish often add. */
const endings = new Set(
  's es ed d ing er ers or ors ion ions ation ations ment ments ly al e y ies ied ness ful able ive ity n en te ten t a o as os ar an'.split(
    ' ',
  ),
).add('')
const shortEndings = new Set(['', 's', 'es', 'e', 'ed', 'd', 'ing', 'er'])

/** “invented” and “invention”: alike up to an ending. “contract” and “contrast”: not. */
export function isSameWord(a: string, b: string): boolean {
  if (a === b) return true
  const shorter = Math.min(a.length, b.length)
  if (shorter < 3) return false
  let shared = 0
  while (shared < shorter && a[shared] === b[shared]) shared++
  if (shared < 3) return false
  const allowed = shared === 3 ? shortEndings : endings
  return allowed.has(undoubled(a, shared)) && allowed.has(undoubled(b, shared))
}

/** What follows the shared part, without a doubled consonant: “plan”, “plan(n)ed”. */
function undoubled(word: string, shared: number): string {
  const rest = word.slice(shared)
  return rest.length > 1 && rest[0] === word[shared - 1] ? rest.slice(1) : rest
}
