import { sql } from 'drizzle-orm'
import type { StreamEvent, StreamId } from '../../../shared/index.ts'
import type { Queryable } from '../db/index.ts'
import { markOrigin, streamEvents, streamHeads } from './schema.ts'

/** The last event that somebody who reads all streams has taken. */
export interface Position {
  mark: number
  stream: StreamId
  seq: number
}

export interface Page {
  events: { stream: StreamId; event: StreamEvent }[]
  /** Where the next page begins: after the last of these. */
  position: Position | null
}

interface Row extends Record<string, unknown>, Position {
  type: string
  payload: unknown
  at: string
}

/**
 * All streams, in the order of `(mark, stream, seq)`, as far as nobody can still write before it. An event's mark is the
 * id of its transaction, or that of the event before it in its stream where that is higher. So each stream comes in its
 * own order, and what commits after this was read has a mark that is no lower than the oldest transaction that ran then:
 * who goes on from a position misses nothing, in whatever order transactions commit. See decision 15.
 */
export async function readAll(db: Queryable, after: Position | null, limit: number): Promise<Page> {
  const { mark, stream, seq } = after ?? { mark: -1, stream: '', seq: 0 }
  const rows = await db.execute<Row>(sql`
    select mark::float8 as mark, stream, seq, type, payload,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from ${streamEvents}
    where (mark, stream, seq) > (${mark}::bigint, ${stream}::text, ${seq}::int)
      and mark < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + coalesce((select origin from ${markOrigin}), 0)
    order by mark, stream, seq
    limit ${limit}`)
  const last = rows.at(-1)
  return {
    events: rows.map(row => ({
      stream: row.stream,
      event: { seq: row.seq, type: row.type, payload: row.payload, at: row.at } as StreamEvent,
    })),
    position: last ? { mark: last.mark, stream: last.stream, seq: last.seq } : after,
  }
}

/**
 * To be called at the start. A database that was loaded from a dump counts its transactions from the beginning: the
 * origin is raised, so that what comes next is marked behind all that is there.
 */
export async function raiseOrigin(db: Queryable): Promise<void> {
  await db.execute(sql`
    update ${markOrigin} set origin = known.mark - pg_current_xact_id()::text::bigint + 1
    from (select max(mark) as mark from ${streamHeads}) as known
    where known.mark > pg_current_xact_id()::text::bigint + origin`)
}
