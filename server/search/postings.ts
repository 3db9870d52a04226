import { type SQL, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { type Scope, within } from './queries.ts'
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
  const rows = await db.execute<PostingsRow>(sql`
    with ${queriesOf(scope, terms)},
    matched as materialized (
      select term, video_id, place, max(said) as said, bool_or(is_named) as is_named
      from (${matchedIn(scope)}) as each
      group by term, video_id, place
    ),
    counted as (
      select term, (select count(*) from ${passages} where ${within(scope)}) as passages,
        count(*) filter (where said > 0) as saying, count(*) filter (where is_named) as named
      from matched group by term
    ),
    best as (
      select video_id from (
        select video_id, place, sum(ln(1 + passages / (0.5 + greatest(saying, named))) * (1 + said)) as score
        from matched join counted using (term) group by video_id, place
      ) as passage group by video_id order by max(score) desc, video_id limit ${mostVideos}
    )
    select video_id, term, passages, saying, named,
      string_agg(place || ',' || round((said * 1000)::numeric) || ',' || is_named::int, ' ') as said
    from matched join counted using (term) where video_id in (select video_id from best)
    group by video_id, term, passages, saying, named
    union all
    select null, term, 0, 0, 0, null from queries where term not in (select term from matched) group by term`)
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

/** One row for each way in which a term may stand in the index, with the languages in which it does: of function words none. */
function queriesOf(scope: Scope, terms: readonly SoughtTerm[]): SQL {
  const given = terms.flatMap(({ text, forms, open }, term) => [
    ...forms.map(form => ({ term, form, own: form === text, begins: false })),
    ...(open ? beginningsOf(forms, text).map(form => ({ term, form, own: false, begins: true })) : []),
  ])
  return sql`
    recursive given as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given(term int, form text, own bool, begins bool)
    ),
    stemmers(stemmer) as (
      (select stemmer from ${passages} where ${within(scope)} order by stemmer limit 1)
      union all
      select (select min(${passages.stemmer}) from ${passages} where ${within(scope)} and ${passages.stemmer} > stemmers.stemmer)
      from stemmers where stemmer is not null
    ),
    made as materialized (
      select term, own, begins, stemmer, case when begins then to_tsquery('simple', quote_literal(form) || ':*')
        else phraseto_tsquery(stemmer::regconfig, form) end as query
      from given join stemmers on stemmer is not null
    ),
    queries as materialized (
      select term, query, array_agg(stemmer) as stemmers, numnode(query) = 1 and not begins as is_stem from made
      where numnode(query) > 0
        and (term, stemmer) in (select term, stemmer from made where own and numnode(query) > 0)
      group by term, query, begins
    )`
}

const hangul = /^\p{sc=Hangul}+$/u
/** A syllable of Korean may be a noun; of other words, a shorter beginning stands for too many. */
const beginningsOf = (forms: readonly string[], text: string): string[] =>
  hangul.test(text)
    ? forms.filter(form => hangul.test(form))
    : [text].filter(word => word.length >= shortestBeginning && !word.includes(' '))

/** Once is 0.61, and each further time adds less: that is how PostgreSQL ranks a single word. */
const matchedIn = (scope: Scope): SQL => sql`
  select term, video_id, place,
    case when is_stem then ts_rank('{1,0,0,0}', words, query) else 0.608 end as said,
    is_stem and ts_rank('{0,0,0,1}', words, query) > 0 as is_named
  from queries join ${passages} on words @@ query and ${passages.stemmer} = any(stemmers) where ${within(scope)}`

/** What `ts_rank` gives for a word that is said once, twice, and so on. */
const ranks = [0, 608, 760, 827, 865, 890, 907]

function readPosting(text: string): Postings['said'][number] {
  const [place = 0, rank = 0, named = 0] = text.split(',').map(Number)
  return { place, count: ranks.filter(each => each <= rank + 5).length - 1, isNamed: named === 1 }
}
