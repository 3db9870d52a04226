import type { Correction, VideoId } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { correctText, findCorrections } from './corrections.ts'
import { saysNumber } from './numbers.ts'
import { plainWords, spaced } from './plain-text.ts'
import { findPostings } from './postings.ts'
import { type FoundPassage, findAt, findPhrase, findStemmers, type Scope } from './queries.ts'
import { readQuery, replaceWords, type SoughtTerm, type SpokenQuery } from './query.ts'
import { weighPassages } from './weigh.ts'
import type { WordLists } from './word-lists.ts'

export interface SayingPassage extends FoundPassage {
  /** 0 to 1: how much of the query it says, beside the best. */
  score: number
  /** Which of its terms. */
  says: SoughtTerm[]
}
export interface FoundByWords {
  phrase: FoundPassage[]
  words: SayingPassage[]
  /** As it was typed, or as it was probably meant. */
  query: SpokenQuery
  corrected: Correction | null
}
export interface WordSearch {
  scope: Scope
  text: string
  /** Null: every word is meant as it is typed. */
  wordLists: WordLists | null
}

const candidates = 100

/** Finds what is said in these words, or in other forms and spellings of them. */
export async function findByWords(db: Queryable, { scope, text, wordLists }: WordSearch): Promise<FoundByWords> {
  // Which languages' numbers count is asked where there are any: seldom.
  const query = readQuery(text, saysNumber(plainWords(text)) ? await findStemmers(db, scope) : [])
  const { unsaid, ...found } = await look(db, scope, query)
  if (found.phrase.length > 0 || unsaid.length === 0 || wordLists === null) return { ...found, query, corrected: null }
  const corrections = await findCorrections({ db, wordLists, scope }, { text, unsaid })
  if (corrections.size === 0) return { ...found, query, corrected: null }
  const meant = replaceWords(query, corrections)
  const { phrase, words } = await look(db, scope, meant)
  return { phrase, words, query: meant, corrected: { from: text, to: correctText(text, corrections) } }
}

interface Looked extends Pick<FoundByWords, 'phrase' | 'words'> {
  unsaid: SoughtTerm[]
}

async function look(db: Queryable, scope: Scope, query: SpokenQuery): Promise<Looked> {
  const sought = contentOf(query)
  const [phrase, { postings, unsaid }] = await Promise.all([
    findPhrase(db, scope, { phrase: spaced(query.words), limit: candidates }),
    findPostings(db, scope, sought),
  ])
  const terms = [...new Set([...postings.map(each => each.term), ...unsaid])]
  const weighed = weighPassages(postings, { terms, limit: candidates })
  const passages = new Map((await findAt(db, weighed)).map(passage => [keyOf(passage), passage]))
  const words = weighed.flatMap(({ score, says, ...at }) => {
    const passage = passages.get(keyOf(at))
    return passage ? [{ ...passage, score, says: termsAt(sought, says) }] : []
  })
  return { phrase, words, unsaid: termsAt(sought, unsaid) }
}

/** Words that only ask count where there are no others. */
function contentOf({ terms }: SpokenQuery): SoughtTerm[] {
  const content = terms.filter(term => !term.asks)
  return content.length > 0 ? content : terms
}

const keyOf = ({ videoId, place }: { videoId: VideoId; place: number }): string => `${videoId} ${place}`
const termsAt = (terms: readonly SoughtTerm[], places: readonly number[]): SoughtTerm[] =>
  places.flatMap(place => terms[place] ?? [])
