import { type SQL, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { type Scope, stemmersIn, within } from './queries.ts'
import type { SoughtTerm } from './query.ts'
import { passages } from './schema.ts'

/** Where one term is said in one video. */
export interface Postings {
  videoId: VideoId
  /** Its place in the query. */
  term: number
  /** Of how many passages in the scope: in how many it is said, and in how many someone of this name speaks. */
  among: { passages: number; saying: number; named: number }
  said: { place: number; count: number; isNamed: boolean }[]
}

/** Of the whole library, only the videos with the best passages are looked at more closely. */
const mostVideos = 12
const shortestBeginning = 3

interface PostingsRow extends Record<string, unknown> {
  video_id: VideoId | null
  term: number
  passages: number
  saying: number
  named: number
  said: string | null
}

export interface FoundPostings {
  postings: Postings[]
  /** Terms that nobody says, by their places; function words, which no index has, are not among them. */
  unsaid: number[]
}

/** Where the terms are said, in any form that the film's language gives them: what ranking is made from. */
export async function findPostings(db: Queryable, scope: Scope, terms: readonly SoughtTerm[]): Promise<FoundPostings> {
  if (terms.length === 0) return { postings: [], unsaid: [] }
  const isBest = scope.videoId === null ? sql`video_id in (${bestVideos})` : sql`true`
  const rows = await db.execute<PostingsRow>(sql`
    with ${queriesOf(scope, terms)},
    matched as materialized (
      select term, video_id, place, case when lexemes is null then 0.608
        else ts_rank('{1,0,0,0}', words, query) * lexemes end as said
      from queries join ${passages} on words @@ query and ${passages.stemmer} = any(stemmers) where ${within(scope)}
    ),
    total as materialized (select count(*)::float8 as passages from ${passages} where ${within(scope)}),
    counted as materialized (
      select term, count(*) filter (where said > 0)::float8 as saying, count(*) filter (where said = 0)::float8 as named
      from matched group by term
    )
    select video_id, term, passages, saying, named, string_agg(place || ',' || (said * 1000)::int, ' ') as said
    from matched join counted using (term) cross join total where ${isBest}
    group by video_id, term, passages, saying, named
    union all
    select null, term, 0, 0, 0, null from queries where term not in (select term from counted) group by term`)
  return {
    postings: rows.flatMap(readPostings),
    unsaid: rows.filter(row => row.said === null).map(row => Number(row.term)),
  }
}

const readPostings = ({ video_id, term, said, ...among }: PostingsRow): Postings[] =>
  video_id === null || said === null
    ? []
    : [
        {
          ...{ videoId: video_id, term: Number(term), said: said.split(' ').map(readPosting) },
          among: { passages: Number(among.passages), saying: Number(among.saying), named: Number(among.named) },
        },
      ]

/**
 * For each term what finds it, with the languages in which it does: for function words nothing. They are put together as
 * text: as queries, PostgreSQL takes a word and its beginning for the same.
 */
function queriesOf(scope: Scope, terms: readonly SoughtTerm[]): SQL {
  const given = terms.flatMap(({ text, forms, numbers, open }, term) => [
    ...forms.map(form => ({ term, form, own: form === text, begins: false })),
    ...numbers.map(({ stemmer, digits }) => ({ term, form: digits, own: false, begins: false, stemmer })),
    ...(open ? beginningsOf(forms, text).map(form => ({ term, form, own: false, begins: true })) : []),
  ])
  return sql`
    recursive given as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as given(term int, form text, own bool, begins bool, stemmer text)
    ),
    stemmers(stemmer) as (${stemmersIn(scope)}),
    made as materialized (
      select distinct term, own, stemmers.stemmer, (case when begins then to_tsquery('simple', quote_literal(form) || ':*')
        else phraseto_tsquery(stemmers.stemmer::regconfig, form) end)::text as query
      from given join stemmers on stemmers.stemmer = coalesce(given.stemmer, stemmers.stemmer)
    ),
    merged as (
      select term, stemmer, string_agg(query, ' | ') as query,
        case when max(numnode(query::tsquery)) = 1 then count(distinct query) end as lexemes
      from made where query <> '' group by term, stemmer having bool_or(own)
    ),
    queries as materialized (
      select term, query::tsquery, lexemes, array_agg(stemmer) as stemmers from merged group by term, query, lexemes
    )`
}

const hangul = /^\p{sc=Hangul}+$/u
/** A syllable of Korean that is typed alone may be a noun; of other words, a shorter beginning stands for too many. */
const beginningsOf = (forms: readonly string[], text: string): string[] =>
  hangul.test(text)
    ? forms.filter(form => hangul.test(form) && (form.length > 1 || form === text))
    : [text].filter(word => word.length >= shortestBeginning && !word.includes(' '))

/** Where most of the query is said somewhere. */
const bestVideos = sql`
  select video_id from (
    select video_id, place, sum(ln(1 + passages / (0.5 + greatest(saying, named))) * (1 + said)) as score
    from matched join counted using (term) cross join total group by video_id, place
  ) as passage group by video_id order by max(score) desc, video_id limit ${mostVideos}`

/** What `ts_rank` gives, in thousandths, for a word that is said once, twice, and so on; nothing for a name, or where only a word’s beginning is typed. */
const ranks = [0, 608, 760, 827, 865, 890, 907]

function readPosting(text: string): Postings['said'][number] {
  const [place = 0, rank = 0] = text.split(',').map(Number)
  return { place, count: ranks.filter(each => each <= rank + 5).length - 1, isNamed: rank === 0 }
}
