import { and, eq, lte, not, type SQL, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { isBeingBrought } from './film-lease.ts'
import { reservations, storageLedger, videos } from './schema.ts'

/** Nobody brings its film, and nobody waits for it any longer. */
const lapsed: SQL | undefined = and(lte(reservations.until, sql`now()`), not(isBeingBrought(reservations.videoId)))
const of = (videoId: VideoId) => eq(reservations.videoId, videoId)

/** One at a time counts what room is left. Taken after `lockOriginal` where both are. */
export async function lockQuota(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('room for originals', 0))`)
}

export interface Reservation {
  videoId: VideoId
  bytes: number
  /** How long its film is waited for, from now on; while somebody brings it, it is kept anyway. */
  seconds: number
}

/** Never lessens what is kept for the video already. */
export async function upsertReservation(db: Queryable, { videoId, bytes, seconds }: Reservation): Promise<void> {
  await db
    .insert(reservations)
    .values({ videoId, bytes, until: sql`now() + ${seconds} * interval '1 second'` })
    .onConflictDoUpdate({
      target: reservations.videoId,
      set: {
        bytes: sql`greatest(${reservations.bytes}, excluded.bytes)`,
        until: sql`greatest(${reservations.until}, excluded.until)`,
      },
    })
}

/** Says which film it is, and how large. */
export async function reserveBlob(tx: Tx, film: { videoId: VideoId; bytes: number; blob: string }): Promise<void> {
  const { videoId, bytes, blob } = film
  await tx
    .insert(reservations)
    .values({ videoId, bytes, blob, until: sql`now()` })
    .onConflictDoUpdate({ target: reservations.videoId, set: { bytes, blob } })
}

/** The room is kept, for the next attempt. */
export async function freeReservation(tx: Tx, videoId: VideoId): Promise<void> {
  await tx.update(reservations).set({ blob: null }).where(of(videoId))
}

export async function deleteReservation(tx: Tx, videoId: VideoId): Promise<void> {
  await tx.delete(reservations).where(of(videoId))
}

/** False when it is waited for again. */
export async function deleteLapsed(tx: Tx, videoId: VideoId): Promise<boolean> {
  const rows = await tx
    .delete(reservations)
    .where(and(of(videoId), lapsed))
    .returning({ id: reservations.videoId })
  return rows.length > 0
}

/** Nobody waits for it any more, and the original that it has is looked at by whoever sweeps next. */
export async function lapseReservation(tx: Tx, videoId: VideoId): Promise<void> {
  await tx.update(reservations).set({ bytes: 0, until: sql`now()` }).where(of(videoId))
}

export async function reservedBlob(tx: Tx, videoId: VideoId): Promise<string | null> {
  const [row] = await tx.select({ blob: reservations.blob }).from(reservations).where(of(videoId))
  return row?.blob ?? null
}

export async function listLapsed(db: Queryable): Promise<VideoId[]> {
  const rows = await db.select({ id: reservations.videoId }).from(reservations).where(lapsed).limit(200)
  return rows.map(({ id }) => id)
}

/** What all originals take, each once, and what is kept for those on their way; without what is kept for `except`. */
export async function readUsage(
  db: Queryable,
  except: VideoId | null = null,
): Promise<{ usedBytes: number; reservedBytes: number }> {
  const [row] = await db.execute<{ used: number; reserved: number }>(sql`
    with kept as (
      select max(r.bytes) as bytes from ${reservations} r
      where (r.until > now() or ${isBeingBrought(sql`r.video_id`)}) and r.video_id is distinct from ${except}::uuid
        and not exists (select 1 from ${videos} v where v.original_blob = r.blob)
      group by coalesce(r.blob, r.video_id::text)
    )
    select coalesce((select sum(bytes) from ${storageLedger}), 0)::float8 as used,
           coalesce((select sum(bytes) from kept), 0)::float8 as reserved`)
  return { usedBytes: row?.used ?? 0, reservedBytes: row?.reserved ?? 0 }
}
