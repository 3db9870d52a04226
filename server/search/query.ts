import { plainWords, queryTerms } from './plain-text.ts'

/** What somebody typed, as search understands it. */
export interface SpokenQuery {
  /** All its words in order: the phrase. */
  words: string[]
  /** The different things to look for. */
  terms: string[]
  /** The last term may be the beginning of a word. */
  open: boolean
}

/** A question may be long; no more of its terms are looked for. */
const mostTerms = 40

export const readQuery = (text: string): SpokenQuery => ({
  words: plainWords(text),
  terms: queryTerms(text).slice(0, mostTerms),
  open: /[\p{L}\p{N}\p{M}]$/u.test(text),
})

/** The same query with other words in the place of some. */
export const replaceWords = (query: SpokenQuery, replacements: ReadonlyMap<string, string>): SpokenQuery => {
  const replace = (word: string) => replacements.get(word) ?? word
  return { ...query, words: query.words.map(replace), terms: query.terms.map(replace) }
}
