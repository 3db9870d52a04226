import { and, asc, eq, lt, type SQL, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import type { QueryVector, VectorSpace } from './embedding.ts'
import { type PassageSegment, passages } from './schema.ts'

/** What the index is made from, beside the passage itself. */
export interface IndexedWords {
  /** As ./plain-text.ts gives them, with a space on both sides of each. */
  plain: string
  spellings: string
  /** The names of those who speak. */
  speakers: string
  stemmer: string
}
export type NewPassageRow = Omit<typeof passages.$inferInsert, 'words' | 'plain' | 'stemmer' | 'edition'> & IndexedWords

/** Of the rules by which words are made from a transcript. */
const edition = 2
/** A passage as ranking sees it. */
export interface FoundPassage {
  id: string
  videoId: VideoId
  place: number
  segments: PassageSegment[]
  stemmer: string
}
/** Where to look: in one video, or (null) in all. */
export interface Scope {
  videoId: VideoId | null
}

/** 4 KB of vector each: a statement stays under a megabyte. */
const insertedAtOnce = 100

/** Puts them in the place of those that a former run has left. */
export async function replacePassages(tx: Tx, videoId: VideoId, rows: readonly NewPassageRow[]): Promise<void> {
  await tx.delete(passages).where(eq(passages.videoId, videoId))
  for (let at = 0; at < rows.length; at += insertedAtOnce) {
    await tx.insert(passages).values(rows.slice(at, at + insertedAtOnce).map(withWords))
  }
}

const withWords = ({ spellings, speakers, ...row }: NewPassageRow) => ({
  ...{ ...row, edition },
  words: indexed({ ...row, spellings, speakers }),
})

/**
 * The stems of what is said and of how else it is spelt (D), the words as they are, for what is still being typed (C),
 * and who says it (A): in this order, so that a rank that leaves out C and A counts the stems.
 */
const indexed = ({ plain, spellings, speakers, stemmer }: Record<keyof IndexedWords, string | SQL>): SQL<string> => sql`
  to_tsvector(${stemmer}::regconfig, ${plain}) || to_tsvector(${stemmer}::regconfig, ${spellings}) ||
  setweight(to_tsvector('simple', ${plain}), 'C') || setweight(to_tsvector(${stemmer}::regconfig, ${speakers}), 'A')`

/** The videos whose passages were indexed by older rules. */
export async function findOutdated(db: Queryable): Promise<VideoId[]> {
  const rows = await db
    .selectDistinct({ videoId: passages.videoId })
    .from(passages)
    .where(lt(passages.edition, edition))
    .orderBy(passages.videoId)
  return rows.map(row => row.videoId)
}

export async function findPassagesOf(db: Queryable, videoId: VideoId): Promise<FoundPassage[]> {
  return db.select(shown).from(passages).where(eq(passages.videoId, videoId)).orderBy(asc(passages.id))
}

/** Only what the index is made from: the vectors stay. */
export async function reindexPassages(db: Queryable, rows: readonly (IndexedWords & { id: string })[]): Promise<void> {
  for (let at = 0; at < rows.length; at += insertedAtOnce) {
    const some = rows.slice(at, at + insertedAtOnce)
    const given = JSON.stringify(
      some.map(({ id, plain, spellings, speakers, stemmer }) => ({ id, plain, spellings, speakers, stemmer })),
    )
    const columns = { plain: sql`given.plain`, spellings: sql`spellings`, speakers: sql`speakers` }
    await db.execute(sql`
      update ${passages} set plain = given.plain, stemmer = given.stemmer, edition = ${edition},
        words = ${indexed({ ...columns, stemmer: sql`given.stemmer` })}
      from jsonb_to_recordset(${given}::jsonb) as given(id uuid, plain text, spellings text, speakers text, stemmer text)
      where ${passages.id} = given.id`)
  }
}

const shown = {
  ...{ id: passages.id, videoId: passages.videoId, place: passages.place },
  ...{ segments: passages.segments, stemmer: passages.stemmer },
}
export const within = ({ videoId }: Scope): SQL => (videoId === null ? sql`true` : eq(passages.videoId, videoId))

/** Those in which these words follow each other; `phrase` has a space on both sides of each. In the order of the films. */
export const findPhrase = (
  db: Queryable,
  scope: Scope,
  { phrase, limit }: { phrase: string; limit: number },
): Promise<FoundPassage[]> => inOrder(db, and(within(scope), sql`${passages.plain} like ${`%${phrase}%`}`), limit)

/** Those in which a picture letter stands, which the index leaves out: all are read. In the order of the films. */
export const findPicture = (
  db: Queryable,
  scope: Scope,
  { picture, limit }: { picture: string; limit: number },
): Promise<FoundPassage[]> =>
  inOrder(db, and(within(scope), sql`${passages.segments}::text like ${`%${picture}%`}`), limit)

const inOrder = async (db: Queryable, which: SQL | undefined, limit: number): Promise<FoundPassage[]> =>
  db.select(shown).from(passages).where(which).orderBy(asc(passages.id)).limit(limit)

/** Which of these words are said in any film. */
export async function findSaid(db: Queryable, words: readonly string[]): Promise<Set<string>> {
  const rows = await db.execute<{ word: string }>(sql`
    select word from jsonb_array_elements_text(${JSON.stringify(words)}::jsonb) as word
    where exists (select from ${passages} where ${passages.words} @@ phraseto_tsquery('simple', word))`)
  return new Set(rows.map(row => row.word))
}

/** The languages that are spoken there, by the names of PostgreSQL's configurations. */
export async function findStemmers(db: Queryable, scope: Scope): Promise<string[]> {
  const rows = await db.execute<{ stemmer: string }>(sql`
    with recursive stemmers(stemmer) as (${stemmersIn(scope)}) select stemmer from stemmers where stemmer is not null`)
  return rows.map(row => row.stemmer)
}

/** The same for a recursive query of that name, which ends with a null. */
export const stemmersIn = (scope: Scope): SQL =>
  scope.videoId === null ? libraryStemmers : sql`select distinct stemmer from ${passages} where ${within(scope)}`

/** From one to the next in their index: there are few, and passages are many. */
const libraryStemmers = sql`
  (select min(stemmer) from ${passages})
  union all
  select (select min(${passages.stemmer}) from ${passages} where ${passages.stemmer} > stemmers.stemmer)
  from stemmers where stemmer is not null`

/** What a misspelt word may have been meant to be: how it begins or ends, and how long it is. */
export interface WordShape {
  start: string
  end: string
  shortest: number
  longest: number
}

/** The words that are said and begin or end so, the most frequent first. */
export async function findWordsLike(db: Queryable, scope: Scope, shape: WordShape, limit: number): Promise<string[]> {
  const { start, end, shortest, longest } = shape
  // The first two conditions are for the trigram index; only what they leave is cut into words.
  const rows = await db.execute<{ word: string }>(sql`
    select word from ${passages}, unnest(string_to_array(${passages.plain}, ' ')) as word
    where ${within(scope)} and (${passages.plain} like ${`% ${start}%`} or ${passages.plain} like ${`%${end} %`})
      and (word like ${`${start}%`} or word like ${`%${end}`}) and length(word) between ${shortest} and ${longest}
    group by word order by count(*) desc, word limit ${limit}`)
  return rows.map(row => row.word)
}

/** A condition that the planner can hold against an index's: it must see the values, not parameters. */
export const ofSpace = ({ signature, dimension }: VectorSpace): SQL =>
  sql.raw(`embedding_model = '${signature.replaceAll("'", "''")}' and embedding_dimension = ${Number(dimension)}`)

/** Those nearest in meaning, nearest first. None at all when no passage has a vector of this model. */
export async function findNear(
  db: Queryable,
  scope: Scope,
  { query, limit }: { query: QueryVector; limit: number },
): Promise<(FoundPassage & { similarity: number })[]> {
  // In one video the column without a cast keeps off the index, which looks through all videos and may find none of this one.
  const column = scope.videoId === null ? sql`${passages.embedding}::${vectorOf(query)}` : passages.embedding
  const distance = sql<number>`${column} <=> ${sql.param(query.vector, passages.embedding)}::${vectorOf(query)}`
  const rows = await db
    .select({ ...shown, distance })
    .from(passages)
    .where(and(within(scope), ofSpace(query)))
    .orderBy(distance)
    .limit(limit)
  return rows.map(({ distance: away, ...passage }) => ({ ...passage, similarity: 1 - Number(away) }))
}

/** The type with its dimension, which an index needs. */
export const vectorOf = ({ dimension }: Pick<VectorSpace, 'dimension'>): SQL => sql.raw(`vector(${Number(dimension)})`)

/** Those at these places, in no order. */
export async function findAt(
  db: Queryable,
  places: readonly { videoId: VideoId; place: number }[],
): Promise<FoundPassage[]> {
  if (places.length === 0) return []
  const given = JSON.stringify(places.map(({ videoId, place }) => ({ video: videoId, at: place })))
  return db
    .select(shown)
    .from(passages)
    .innerJoin(
      sql`jsonb_to_recordset(${given}::jsonb) as given(video uuid, at int)`,
      sql`${passages.videoId} = given.video and ${passages.place} = given.at`,
    )
}
