import { and, eq, isNotNull, lte, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { reservations, videos } from './schema.ts'

/** Where the bytes with a checksum lie, whoever sent them. */
export const originalKey = (checksum: string): string => `originals/${checksum.replace(/^sha256:/, '')}/film`
/** False for originals from before: they lie with their video, and go with it. */
export const isShared = (blob: string): boolean => blob.startsWith('originals/')

const lapsed = lte(reservations.until, sql`now()`)

/** One at a time, until the transaction ends, says who has an original. Taken before any row is locked. */
export async function lockOriginal(tx: Tx, blob: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${blob}, 0))`)
}

/** One at a time counts what room is left. Taken after `lockOriginal` where both are. */
export async function lockQuota(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('room for originals', 0))`)
}

export interface Reservation {
  videoId: VideoId
  bytes: number
  blob: string | null
  /** From now on. */
  seconds: number
}

/** Never lessens what is kept for the video already, but for `bytes` when the film is here. */
export async function upsertReservation(db: Queryable, { videoId, bytes, blob, seconds }: Reservation): Promise<void> {
  const until = sql`now() + ${seconds} * interval '1 second'`
  await db
    .insert(reservations)
    .values({ videoId, bytes, blob, until })
    .onConflictDoUpdate({
      target: reservations.videoId,
      set: {
        bytes: blob === null ? sql`greatest(${reservations.bytes}, ${bytes}::bigint)` : bytes,
        blob: sql`coalesce(excluded.blob, ${reservations.blob})`,
        until: sql`greatest(${reservations.until}, excluded.until)`,
      },
    })
}

export async function renewReservation(db: Queryable, videoId: VideoId, seconds: number): Promise<void> {
  const until = sql`greatest(${reservations.until}, now() + ${seconds} * interval '1 second')`
  await db.update(reservations).set({ until }).where(eq(reservations.videoId, videoId))
}

/** What is kept for a video is looked at by whoever sweeps next; so is what it had. */
export async function lapseReservation(tx: Tx, videoId: VideoId, blob: string | null): Promise<void> {
  const until = sql`now()`
  await tx
    .insert(reservations)
    .values({ videoId, bytes: 0, blob, until })
    .onConflictDoUpdate({
      target: reservations.videoId,
      set: { bytes: 0, until, blob: sql`coalesce(excluded.blob, ${reservations.blob})` },
    })
}

export async function forgetReservedBlob(tx: Tx, videoId: VideoId): Promise<void> {
  await tx.update(reservations).set({ blob: null }).where(eq(reservations.videoId, videoId))
}

/** False when there is none. */
export async function deleteReservation(tx: Tx, videoId: VideoId, only?: 'lapsed'): Promise<boolean> {
  const rows = await tx
    .delete(reservations)
    .where(and(eq(reservations.videoId, videoId), only && lapsed))
    .returning({ id: reservations.videoId })
  return rows.length > 0
}

export async function reservedBlob(tx: Tx, videoId: VideoId): Promise<string | null> {
  const [row] = await tx.select({ blob: reservations.blob }).from(reservations).where(eq(reservations.videoId, videoId))
  return row?.blob ?? null
}

export async function listLapsed(db: Queryable): Promise<VideoId[]> {
  const rows = await db.select({ id: reservations.videoId }).from(reservations).where(lapsed).limit(200)
  return rows.map(({ id }) => id)
}

/** In one statement, so that a film that is being recorded is seen either as reserved or as stored. */
export async function isOriginalUsed(tx: Tx, blob: string): Promise<boolean> {
  const [row] = await tx.execute<{ used: boolean }>(sql`
    select exists (select 1 from ${videos} where ${videos.originalBlob} = ${blob})
        or exists (select 1 from ${reservations} where ${reservations.blob} = ${blob} and ${reservations.until} > now())
        as used`)
  return row?.used ?? true
}

/** What all originals take, each once, and what is kept for those on their way; without what is kept for `except`. */
export async function readUsage(
  db: Queryable,
  except: VideoId | null = null,
): Promise<{ usedBytes: number; reservedBytes: number }> {
  const [row] = await db.execute<{ used: number; reserved: number }>(sql`
    with stored as (
      select original_blob as blob, max(size_bytes) as bytes from videos
      where original_blob is not null group by original_blob
    ), kept as (
      select max(r.bytes) as bytes from reservations r
      where r.until > now() and r.video_id is distinct from ${except}::uuid
        and not exists (select 1 from stored where stored.blob = r.blob)
      group by coalesce(r.blob, r.video_id::text)
    )
    select coalesce((select sum(bytes) from stored), 0)::float8 as used,
           coalesce((select sum(bytes) from kept), 0)::float8 as reserved`)
  return { usedBytes: row?.used ?? 0, reservedBytes: row?.reserved ?? 0 }
}

/** The first of the other videos that have these bytes. Holds their lock: nobody else can become the first meanwhile. */
export async function findFirst(tx: Tx, checksum: string, id: VideoId): Promise<VideoId | null> {
  await lockOriginal(tx, originalKey(checksum))
  const [first] = await tx
    .select({ id: videos.id })
    .from(videos)
    .where(and(eq(videos.checksum, checksum), sql`${videos.id} <> ${id}`))
    .orderBy(sql`${videos.duplicateOf} nulls first`, videos.createdAt, videos.id)
    .limit(1)
  return first?.id ?? null
}

/** When the first one goes, the next one is the first, and the others say so. */
export async function passOn(tx: Tx, checksum: string, gone: VideoId): Promise<void> {
  const others = and(eq(videos.checksum, checksum), eq(videos.duplicateOf, gone), isNotNull(videos.originalBlob))
  const [next] = await tx
    .select({ id: videos.id })
    .from(videos)
    .where(others)
    .orderBy(videos.createdAt, videos.id)
    .limit(1)
  if (!next) return
  await tx
    .update(videos)
    .set({ duplicateOf: sql`nullif(${next.id}::uuid, ${videos.id})` })
    .where(others)
}
