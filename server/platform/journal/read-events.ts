import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { RoomEvent, VideoId } from '../../../shared/index.ts'
import type { Queryable } from '../db/index.ts'
import { roomEvents, roomHeads } from './schema.ts'

/** Events after `seq`, in order, at most `limit`. */
export async function readSince(
  db: Queryable,
  videoId: VideoId,
  since: { seq: number; limit: number },
): Promise<RoomEvent[]> {
  const rows = await db
    .select()
    .from(roomEvents)
    .where(and(eq(roomEvents.videoId, videoId), gt(roomEvents.seq, since.seq)))
    .orderBy(asc(roomEvents.seq))
    .limit(since.limit)
  return rows.map(({ seq, type, payload, at }) => ({ seq, type, payload, at: at.toISOString() }) as RoomEvent)
}

/** The newest `seq` of each of these rooms; none of one in which nothing happened yet. */
export const readHeads = (db: Queryable, videoIds: readonly VideoId[]): Promise<{ videoId: VideoId; seq: number }[]> =>
  db
    .select()
    .from(roomHeads)
    .where(inArray(roomHeads.videoId, [...videoIds]))

/** Forgets what happened; the numbering goes on, so that whoever comes back later still sees what follows. */
export async function forgetEvents(db: Queryable, videoId: VideoId): Promise<void> {
  await db.delete(roomEvents).where(eq(roomEvents.videoId, videoId))
}
