import type { VideoId } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { plainWords, spaced, withoutUnseen } from './plain-text.ts'
import { findPhrase, findSaid, findStemmers, findWordsLike, type Scope } from './queries.ts'
import type { SoughtTerm } from './query.ts'
import { compoundsIn } from './spellings.ts'
import { closestWords, editDistance, mayBeTypo, wordShape } from './typos.ts'
import { hasWordList, type WordLists } from './word-lists.ts'

/** Words that are alike enough to be compared letter by letter. */
const similarWords = 1000
/** Each costs a look through the index. */
const mostCorrected = 4
/** What may have been meant, nearest first, until one is said in a language that has a word list. */
const mostTried = 4

export interface Correcting {
  db: Queryable
  wordLists: WordLists
  scope: Scope
}

/**
 * For each term that is a slip, the word that was probably meant: one that is said, and is like it. What a language
 * knows, or another film says, is no slip, and what stands in quotes is meant to the letter. Where there is no list of
 * a film's words, nothing is corrected to what it says: any word could be a right one.
 */
export async function findCorrections(
  { db, wordLists, scope }: Correcting,
  { text, unsaid }: { text: string; unsaid: readonly SoughtTerm[] },
): Promise<Map<string, string>> {
  const corrected = new Map<string, string>()
  const suspects = unsaid.filter(isSuspect)
  const spoken = suspects.length === 0 ? [] : (await findStemmers(db, scope)).filter(hasWordList)
  if (spoken.length === 0) return corrected
  const films = createFilms({ db, wordLists, scope })
  for (const term of (await withoutWords(wordLists, { suspects, spoken, text })).slice(0, mostCorrected)) {
    const word = await findMeant({ db, scope, films }, term.text, isCapital(text, term.text))
    if (word !== null) corrected.set(term.text, word)
  }
  const saidElsewhere = corrected.size > 0 ? await findSaid(db, [...corrected.keys()]) : []
  for (const word of saidElsewhere) corrected.delete(word)
  return corrected
}

const isSuspect = ({ quoted, text }: SoughtTerm): boolean => !quoted && mayBeTypo(text)

interface Suspected {
  suspects: readonly SoughtTerm[]
  spoken: readonly string[]
  text: string
}

/** Those that no language knows, in no form. Of names the German list has most, so it is asked what is written as one. */
async function withoutWords(wordLists: WordLists, { suspects, spoken, text }: Suspected): Promise<SoughtTerm[]> {
  const unknown: SoughtTerm[] = []
  for (const term of suspects) {
    const languages = isCapital(text, term.text) ? [...spoken, 'german'] : spoken
    const known = await Promise.all(term.forms.map(form => wordLists.knows(form, languages)))
    if (!known.includes(true)) unknown.push(term)
  }
  return unknown
}

const isCapital = (text: string, typed: string): boolean =>
  compoundsIn(text).some(each => /^\p{Lu}\p{Ll}/u.test(each) && plainWords(each).join(' ') === typed)

type Films = ReturnType<typeof createFilms>

async function findMeant(
  { db, scope, films }: { db: Queryable; scope: Scope; films: Films },
  typed: string,
  isName: boolean,
): Promise<string | null> {
  const near = closestWords(typed, await findWordsLike(db, scope, wordShape(typed), similarWords))
  for (const word of near.slice(0, mostTried)) {
    const languages = await films.languagesOf(word)
    const isOther = isName && !languages.includes('german') && isOtherName(typed, word)
    if (languages.length > 0 && !isOther) return word
  }
  return null
}

/** Of whom nobody speaks: most names that are not quite the same are others. Germans write all nouns so. */
const isOtherName = (typed: string, word: string): boolean =>
  typed.slice(0, 2) !== word.slice(0, 2) || typed.length < shortestName || editDistance(typed, word) > 1
const shortestName = 6

const filmsRead = 3
const passagesRead = 20
/** Of a film's words, at least so many are in the lists of the language that it seems to be in: of others half are at most. */
const leastKnown = 2 / 3

/** Which of the languages that have a list the films speak that say a word. */
function createFilms({ db, wordLists, scope }: Correcting) {
  const languages = new Map<VideoId, Promise<string[]>>()

  async function readLanguages(videoId: VideoId): Promise<string[]> {
    const spoken = (await findStemmers(db, { videoId })).filter(hasWordList)
    if (spoken.length === 0) return []
    // Who speaks a language that the database doesn't know counts as English: the words tell.
    const passages = await findPhrase(db, { videoId }, { phrase: ' ', limit: passagesRead })
    const words = passages.flatMap(({ segments }) => segments.flatMap(({ text }) => plainWords(text))).filter(tells)
    const known = await Promise.all(words.map(word => wordLists.knows(word, spoken)))
    return known.filter(Boolean).length >= leastKnown * words.length ? spoken : []
  }

  return {
    async languagesOf(word: string): Promise<string[]> {
      const passages = await findPhrase(db, scope, { phrase: spaced([word]), limit: passagesRead })
      const films = [...new Set(passages.map(({ videoId }) => videoId))].slice(0, filmsRead)
      for (const videoId of films) if (!languages.has(videoId)) languages.set(videoId, readLanguages(videoId))
      return (await Promise.all(films.map(videoId => languages.get(videoId) ?? []))).flat()
    },
  }
}

/** Short ones are words of many languages. */
const tells = (word: string): boolean => /^\p{sc=Latin}{4,}$/u.test(word)

/** What was typed, with the words that were meant. */
export const correctText = (text: string, corrected: ReadonlyMap<string, string>): string =>
  compoundsIn(text).reduce((sofar, compound) => {
    const word = corrected.get(plainWords(compound).join(' '))
    return word === undefined ? sofar : sofar.replace(compound, word)
  }, withoutUnseen(text))
