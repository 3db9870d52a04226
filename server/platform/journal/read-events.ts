import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { EventOf, StreamId } from '../../../shared/index.ts'
import type { Queryable } from '../db/index.ts'
import { streamEvents, streamHeads } from './schema.ts'

/** Events after `seq`, in order, at most `limit`. */
export async function readSince<S extends StreamId>(
  db: Queryable,
  stream: S,
  since: { seq: number; limit: number },
): Promise<EventOf<S>[]> {
  const rows = await db
    .select()
    .from(streamEvents)
    .where(and(eq(streamEvents.stream, stream), gt(streamEvents.seq, since.seq)))
    .orderBy(asc(streamEvents.seq))
    .limit(since.limit)
  return rows.map(({ seq, type, payload, at }) => ({ seq, type, payload, at: at.toISOString() }) as EventOf<S>)
}

/** The newest `seq` of each of these streams; none of one in which nothing happened yet. */
export const readHeads = (db: Queryable, streams: readonly StreamId[]): Promise<{ stream: StreamId; seq: number }[]> =>
  db
    .select({ stream: streamHeads.stream, seq: streamHeads.seq })
    .from(streamHeads)
    .where(inArray(streamHeads.stream, [...streams]))

/** Forgets what happened; the numbering goes on, so that whoever comes back later still sees what follows. */
export async function forgetEvents(db: Queryable, stream: StreamId): Promise<void> {
  await db.delete(streamEvents).where(eq(streamEvents.stream, stream))
}
