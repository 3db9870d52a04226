import { askingWords } from './asking-words.ts'
import { inflected } from './inflections.ts'
import { numbersSpokenIn } from './languages.ts'
import { numbersIn } from './numbers.ts'
import { dictionaryWords, plainWords, unspaced, withoutUnseen } from './plain-text.ts'
import { acrossTheOcean, compoundsIn, spellingsOf } from './spellings.ts'

/** One thing to look for by itself. */
export interface SoughtTerm {
  /** As it was typed: a word, or words that follow each other. */
  text: string
  /** All that finds it, what was typed included. */
  forms: string[]
  /** The number that it is where it is said in words of that language: “elf” is 11 in German films only. */
  numbers: { stemmer: string; digits: string }[]
  /** The beginning of a word is enough: it is still being typed, or its language adds to the end. */
  open: boolean
  /** Put in quotes: it is meant to the letter. */
  quoted: boolean
  /** It says how is asked, not what about. */
  asks: boolean
}

/** What somebody typed, as search understands it. */
export interface SpokenQuery {
  /** All its words in order: the phrase. */
  words: string[]
  terms: SoughtTerm[]
}

/** A question may be long; no more of its terms are looked for. */
const mostTerms = 40
/** Double ones may still be open; single ones stand where apostrophes don't. */
const quotedShape =
  /["“”„«»「『]([^"“”„«»「」『』]+)(?:["“”«»」』]|$)|(?<![\p{L}\p{N}])['‘‚‹]([^'‘’‚‹›]+)['‘’›](?![\p{L}\p{N}])/gu

/** `stemmers`: of the languages in whose words numbers are looked for. */
export function readQuery(typed: string, stemmers: readonly string[] = []): SpokenQuery {
  const text = withoutUnseen(typed)
  const quoted = [...text.matchAll(quotedShape)].map(([, double, single]) => quotedTerm(double ?? single ?? ''))
  const outside = text.replaceAll(quotedShape, ' | ')
  const terms = outside
    .split('|')
    .flatMap(part => withJoined(withNumbers(compoundsIn(part).flatMap(termsOf), stemmers)))
  const isOpen = /[\p{L}\p{N}\p{M}]$/u.test(outside)
  const last = terms.at(-1)
  if (last && isOpen) last.open = true
  const all = [...quoted, ...terms].filter(term => term.text !== '')
  const byText = new Map(all.toReversed().map(term => [term.text, term]))
  return { words: plainWords(text), terms: [...byText.values()].reverse().slice(0, mostTerms) }
}

const termOf = (text: string, more: Partial<SoughtTerm> = {}): SoughtTerm => ({
  ...{ text, numbers: [], open: false, quoted: false, asks: askingWords.has(text.replaceAll(' ', '')) },
  ...more,
  forms: [...new Set([text, ...(more.forms ?? [])])],
})
const quotedTerm = (inside: string): SoughtTerm => termOf(plainWords(inside).join(' '), { quoted: true, asks: false })

/** Most often one; of a script without spaces, each word that a dictionary finds in it. */
function termsOf(compound: string): SoughtTerm[] {
  if (unspaced.test(compound)) return dictionaryWords(compound).map(word => termOf(word))
  const text = plainWords(compound).join(' ')
  const { forms, open } = inflected(text)
  return [termOf(text, { open, forms: [...spellingsOf(compound), ...acrossTheOcean(text), ...forms] })]
}

/** Those that are a number together become one, which its digits find too. */
function withNumbers(terms: readonly SoughtTerm[], stemmers: readonly string[]): SoughtTerm[] {
  const words = terms.flatMap(({ text }, at) => text.split(' ').map(word => ({ word, at })))
  const plain = words.map(({ word }) => word)
  const found = stemmers.flatMap(stemmer =>
    numbersSpokenIn(stemmer).flatMap(language => numbersIn(plain, language).map(number => ({ ...number, stemmer }))),
  )
  const merged: SoughtTerm[] = []
  for (let at = 0; at < terms.length; at++) {
    const first = words.findIndex(word => word.at === at)
    const numbers = found.filter(
      number => number.first === first && words[number.end]?.at !== words[number.end - 1]?.at,
    )
    const end = Math.max(...numbers.map(number => number.end))
    const last = words[end - 1]?.at ?? at
    const parts = terms.slice(at, last + 1)
    const own = parts.length === 1 ? (parts[0]?.forms ?? []) : []
    merged.push({
      ...terms[at],
      ...termOf(parts.map(({ text }) => text).join(' '), {
        forms: own,
        numbers: numbers.filter(number => number.end === end).map(({ stemmer, digits }) => ({ stemmer, digits })),
        open: terms[at]?.open ?? false,
      }),
    })
    at = last
  }
  return merged
}

const shortestJoined = 4
const longestJoined = 24

/** Two that follow each other may be written as one in the film: “well being”. */
function withJoined(terms: readonly SoughtTerm[]): SoughtTerm[] {
  const joined = terms.slice(1).map(({ text }, at) => {
    const both = `${terms[at]?.text}${text}`
    const fits = both.length >= shortestJoined && both.length <= longestJoined
    return fits && !both.includes(' ') && !unspaced.test(both) ? [both] : []
  })
  return terms.map((term, at) => ({
    ...term,
    forms: [...new Set([...term.forms, ...(joined[at - 1] ?? []), ...(joined[at] ?? [])])],
  }))
}

/** All that finds a term in a film of this language. */
export const formsIn = ({ forms, numbers }: SoughtTerm, stemmer: string): string[] => [
  ...forms,
  ...numbers.filter(number => number.stemmer === stemmer).map(({ digits }) => digits),
]

/** The same query with other words in the place of some. */
export const replaceWords = (query: SpokenQuery, replacements: ReadonlyMap<string, string>): SpokenQuery => ({
  words: query.words.map(word => replacements.get(word) ?? word),
  terms: query.terms.map(term => {
    const word = replacements.get(term.text)
    return word === undefined ? term : termOf(word)
  }),
})
