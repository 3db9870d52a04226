import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import type { QueryVector, VectorSpace } from './embedding.ts'
import { type PassageSegment, passages } from './schema.ts'

export type NewPassageRow = typeof passages.$inferInsert
/** A passage as ranking sees it. */
export interface FoundPassage {
  id: string
  videoId: VideoId
  segments: PassageSegment[]
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
    await tx.insert(passages).values(rows.slice(at, at + insertedAtOnce))
  }
}

const shown = { id: passages.id, videoId: passages.videoId, segments: passages.segments }
const within = ({ videoId }: Scope): SQL => (videoId === null ? sql`true` : eq(passages.videoId, videoId))

/** Those in which these words follow each other; `phrase` has a space on both sides of each. In the order of the films. */
export async function findPhrase(
  db: Queryable,
  scope: Scope,
  { phrase, limit }: { phrase: string; limit: number },
): Promise<FoundPassage[]> {
  return db
    .select(shown)
    .from(passages)
    .where(and(within(scope), sql`${passages.plain} like ${`%${phrase}%`}`))
    .orderBy(asc(passages.id))
    .limit(limit)
}

export interface WordQuery {
  /** As ./plain-text.ts gives them. */
  terms: readonly string[]
  /** The last word is still being typed: one that begins so is found too. */
  open: boolean
  /** How much of the query a passage must say: 0 to 1, rare words weighing more. */
  leastCoverage: number
  limit: number
}

/**
 * One row for each term that is more than an English function word, with what finds it: the word as it is, or any form
 * of its English stem. The terms are letters, digits and spaces only, so no operator can get in.
 */
const termRows = ({ terms, open }: Pick<WordQuery, 'terms' | 'open'>): SQL => sql`
  select word, place,
    phraseto_tsquery('english', word) || phraseto_tsquery('simple', word) ||
    case when ${open} and place = ${terms.length} and length(word) > 2 and position(' ' in word) = 0
      then to_tsquery('simple', quote_literal(word) || ':*') else ''::tsquery end as query
  from unnest(string_to_array(${terms.join('|')}, '|')) with ordinality as given(word, place)
  where numnode(phraseto_tsquery('english', word)) > 0`

export interface SpeakingPassage extends FoundPassage {
  /** How much of the query it says: 0 to 1. */
  coverage: number
  /** Which of its terms. */
  says: string[]
}

/** Those that say most of the query, rare words weighing more; among equals, those that say it more often and to the letter. */
export async function findWords(db: Queryable, scope: Scope, query: WordQuery): Promise<SpeakingPassage[]> {
  const rows = await db.execute<{ id: string; coverage: number; says: string }>(sql`
    with terms as materialized (${termRows(query)}),
    matched as materialized (
      select ${passages.id} as id, terms.word, ts_rank(${passages.words}, terms.query) as density
      from terms join ${passages} on ${passages.words} @@ terms.query where ${within(scope)}
    ),
    weights as (
      select terms.word,
        ln(1 + (select count(*) from ${passages} where ${within(scope)})::float8 / greatest(1, count(matched.id))) as weight
      from terms left join matched using (word) group by terms.word
    ),
    covered as (
      select id, sum(weight) / nullif((select sum(weight) from weights), 0) as coverage,
        sum(density) as density, string_agg(word, '|') as says
      from matched join weights using (word) group by id
    )
    select id, coverage, says from covered where coverage >= ${query.leastCoverage}
    order by coverage desc, density desc, id limit ${query.limit}`)
  const found = await findPassages(
    db,
    rows.map(row => row.id),
  )
  return rows.flatMap(({ id, coverage, says }) => {
    const passage = found.get(id)
    return passage ? [{ ...passage, coverage: Number(coverage), says: says.split('|') }] : []
  })
}

/** The terms that no passage says. */
export async function findUnknown(
  db: Queryable,
  scope: Scope,
  query: Pick<WordQuery, 'terms' | 'open'>,
): Promise<string[]> {
  const rows = await db.execute<{ word: string }>(sql`
    with terms as materialized (${termRows(query)})
    select word from terms
    where not exists (select from ${passages} where ${passages.words} @@ terms.query and ${within(scope)})`)
  return rows.map(row => row.word)
}

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

async function findPassages(db: Queryable, ids: string[]): Promise<Map<string, FoundPassage>> {
  if (ids.length === 0) return new Map()
  const rows = await db.select(shown).from(passages).where(inArray(passages.id, ids))
  return new Map(rows.map(row => [row.id, row]))
}
