import type { Queryable } from '../platform/db/index.ts'
import { plainWords, withoutUnseen } from './plain-text.ts'
import { findSaid, findStemmers, findWordsLike, type Scope } from './queries.ts'
import type { SoughtTerm } from './query.ts'
import { compoundsIn } from './spellings.ts'
import { closestWord, mayBeTypo, wordShape } from './typos.ts'
import type { WordLists } from './word-lists.ts'

/** Words that are alike enough to be compared letter by letter. */
const similarWords = 1000
/** Each costs a look through the index. */
const mostCorrected = 4

export interface Correcting {
  db: Queryable
  wordLists: WordLists
  scope: Scope
}

/**
 * For each term that is a slip, the word that was probably meant: one that is said, and is like it. What a language
 * knows, or another film says, is no slip, and what stands in quotes is meant to the letter.
 */
export async function findCorrections(
  { db, wordLists, scope }: Correcting,
  { text, unsaid }: { text: string; unsaid: readonly SoughtTerm[] },
): Promise<Map<string, string>> {
  const suspects = await withoutWords({ wordLists, languages: () => findStemmers(db, scope) }, unsaid.filter(isSuspect))
  const corrected = new Map<string, string>()
  for (const term of suspects.slice(0, mostCorrected)) {
    const word = closestWord(term.text, await findWordsLike(db, scope, wordShape(term.text), similarWords))
    if (word !== null && !isOtherName(text, term.text, word)) corrected.set(term.text, word)
  }
  const saidElsewhere = corrected.size > 0 ? await findSaid(db, [...corrected.keys()]) : []
  for (const word of saidElsewhere) corrected.delete(word)
  return corrected
}

const isSuspect = ({ quoted, text }: SoughtTerm): boolean => !quoted && mayBeTypo(text)

interface Knowing {
  wordLists: WordLists
  languages(): Promise<string[]>
}

/** Those that no language knows. */
async function withoutWords({ wordLists, languages }: Knowing, suspects: SoughtTerm[]): Promise<SoughtTerm[]> {
  if (suspects.length === 0) return []
  const spoken = await languages()
  const known = await Promise.all(suspects.map(({ text }) => wordLists.knows(text, spoken)))
  return suspects.filter((_, at) => !known[at])
}

/** Who is named within a sentence may be someone of whom nobody speaks: names that begin otherwise are other names. */
function isOtherName(text: string, typed: string, word: string): boolean {
  const within = compoundsIn(text).slice(1)
  const isName = within.some(each => /^\p{Lu}\p{Ll}/u.test(each) && plainWords(each).join(' ') === typed)
  return isName && (typed[0] !== word[0] || typed.length < shortestName)
}
const shortestName = 6

/** What was typed, with the words that were meant. */
export const correctText = (text: string, corrected: ReadonlyMap<string, string>): string =>
  compoundsIn(text).reduce((sofar, compound) => {
    const word = corrected.get(plainWords(compound).join(' '))
    return word === undefined ? sofar : sofar.replace(compound, word)
  }, withoutUnseen(text))
