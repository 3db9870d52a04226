import type { EventsFrame, StreamEvent, StreamId } from '../../../shared/index.ts'
import { nameText, runPrepared, type Tx } from '../db/index.ts'

export interface Fact {
  stream: StreamId
  type: StreamEvent['type']
  payload: object
}

/** What a statement that logs answers with: where each stream's log stands now. */
export interface Head {
  stream: StreamId
  seq: number
  at: string
}

/**
 * The rest of a statement whose CTEs so far end with `facts (stream, n, type, payload)`, `n` counting from 1 in each
 * stream: numbers and writes them. The row lock on a stream's head is held from here to the commit, so this comes last:
 * whoever sees `seq` n can see all before it. Heads are locked in the order of their names. Their marks: `read-all.ts`.
 */
export const logFacts = `
  counts as (
    select stream, count(*)::int as total from facts group by stream order by stream
  ), own as (
    select pg_current_xact_id()::text::bigint + coalesce((select origin from mark_origin), 0) as mark
  ), heads as (
    insert into stream_heads as h (stream, seq, mark) select stream, total, own.mark from counts, own order by stream
    on conflict (stream) do update set seq = h.seq + excluded.seq, mark = greatest(h.mark, excluded.mark)
    returning h.stream, h.seq, h.mark
  ), written as (
    insert into stream_events (stream, seq, type, payload, mark)
    select stream, heads.seq - counts.total + n, type, payload, heads.mark
    from facts join counts using (stream) join heads using (stream)
  )
  select stream, seq, to_char(now()::timestamptz(3) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`

const statement = nameText(`
  with facts as (
    select * from jsonb_to_recordset($1::text::jsonb) as g(stream text, n int, type text, payload jsonb)
  ), ${logFacts} from heads`)

/** Numbers and writes the facts of one transaction in one round trip. */
export async function writeEvents(tx: Tx, facts: readonly Fact[]): Promise<EventsFrame[]> {
  const given = [...Map.groupBy(facts, fact => fact.stream)].flatMap(([stream, ofStream]) =>
    ofStream.map(({ type, payload }, index) => ({ stream, n: index + 1, type, payload })),
  )
  return framesOf(await runPrepared<Head>(tx, statement, [JSON.stringify(given)]), facts)
}

/** The facts as they were numbered: one frame a stream. */
export function framesOf(heads: readonly Head[], facts: readonly Fact[]): EventsFrame[] {
  const streams = Map.groupBy(facts, fact => fact.stream)
  return heads.map(({ stream, seq, at }) => {
    const ofStream = streams.get(stream) ?? []
    const first = seq - ofStream.length + 1
    const events = ofStream.map(
      ({ type, payload }, index) => ({ seq: first + index, type, payload, at }) as StreamEvent,
    )
    return { stream, events }
  })
}
