import type { Queryable } from '../platform/db/index.ts'
import { spaced } from './plain-text.ts'
import {
  type FoundPassage,
  findPhrase,
  findUnknown,
  findWords,
  findWordsLike,
  type Scope,
  type SpeakingPassage,
} from './queries.ts'
import { readQuery, replaceWords, type SpokenQuery } from './query.ts'
import { closestWord, mayBeTypo, wordShape } from './typos.ts'

export interface FoundByWords {
  phrase: FoundPassage[]
  words: SpeakingPassage[]
  /** As it was typed, or as it was probably meant. */
  query: SpokenQuery
}
export interface WordSearch {
  scope: Scope
  text: string
  leastCoverage: number
}

const candidates = 100
/** Words that are alike enough to be compared letter by letter. */
const similarWords = 1000
/** Each costs a look through the index. */
const mostCorrected = 4

/** Finds what is said in these words. A word that nobody says is taken for a misspelt one that somebody does. */
export async function findByWords(db: Queryable, { scope, text, leastCoverage }: WordSearch): Promise<FoundByWords> {
  const look = async (query: SpokenQuery): Promise<FoundByWords> => {
    const [phrase, words] = await Promise.all([
      findPhrase(db, scope, { phrase: spaced(query.words), limit: candidates }),
      findWords(db, scope, { ...query, leastCoverage, limit: candidates }),
    ])
    return { phrase, words, query }
  }
  const query = readQuery(text)
  const found = await look(query)
  const isWhole = found.phrase.length > 0 || (found.words[0]?.coverage ?? 0) > 0.999
  if (isWhole) return found
  const corrected = await correct(db, scope, query)
  return corrected.size === 0 ? found : look(replaceWords(query, corrected))
}

async function correct(db: Queryable, scope: Scope, query: SpokenQuery): Promise<Map<string, string>> {
  const unknown = (await findUnknown(db, scope, query)).filter(mayBeTypo).slice(0, mostCorrected)
  const corrected = new Map<string, string>()
  for (const term of unknown) {
    const word = closestWord(term, await findWordsLike(db, scope, wordShape(term), similarWords))
    if (word !== null) corrected.set(term, word)
  }
  return corrected
}
