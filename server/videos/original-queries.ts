import { and, eq, isNotNull, lte, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { reservations, storageLedger, videos } from './schema.ts'

/** Where the bytes with a checksum lie, whoever sent them. */
export const originalKey = (checksum: string): string => `${folderOf(checksum)}film`
const folderOf = (checksum: string): string => `originals/${checksum.replace(/^sha256:/, '')}/`
/** False for originals from before: they lie with their video, and go with it. */
export const isShared = (blob: string): boolean => blob.startsWith('originals/')

const lapsed = lte(reservations.until, sql`now()`)

/** One at a time, until the transaction ends, says who has an original. Taken before any row is locked. */
export async function lockOriginal(tx: Tx, blob: string): Promise<void> {
  // The same for all names that the same bytes ever had.
  const name = blob.replace(/\/film-[^/]*$/, '/film')
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
}

/** One at a time counts what room is left. Taken after `lockOriginal` where both are. */
export async function lockQuota(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('room for originals', 0))`)
}

/** One attempt to bring a video's film; no holder: whoever waits for one. */
export interface Attempt {
  videoId: VideoId
  holder: string | null
}
export interface Reservation extends Attempt {
  bytes: number
  blob: string | null
  /** From now on. */
  seconds: number
}

const heldBy = ({ videoId, holder }: Attempt) =>
  sql`${reservations.videoId} = ${videoId} and ${reservations.holder} is not distinct from ${holder}::uuid`

/** Never lessens what is kept for the video already. Whoever has a holder holds it from now on. */
export async function upsertReservation(db: Queryable, reservation: Omit<Reservation, 'blob'>): Promise<void> {
  const { videoId, holder, bytes, seconds } = reservation
  const until = untilIn(seconds)
  await db
    .insert(reservations)
    .values({ videoId, holder, bytes, until })
    .onConflictDoUpdate({
      target: reservations.videoId,
      set: {
        bytes: sql`greatest(${reservations.bytes}, excluded.bytes)`,
        holder: sql`coalesce(excluded.holder, ${reservations.holder})`,
        until: sql`greatest(${reservations.until}, excluded.until)`,
      },
    })
}

/** Notes which film it is. False when another attempt has taken over. */
export async function reserveBlob(tx: Tx, reservation: Reservation): Promise<boolean> {
  const { videoId, holder, bytes, blob, seconds } = reservation
  const rows = await tx
    .insert(reservations)
    .values({ videoId, holder, bytes, blob, until: untilIn(seconds) })
    .onConflictDoUpdate({
      target: reservations.videoId,
      set: { bytes, blob, until: sql`greatest(${reservations.until}, excluded.until)` },
      setWhere: heldBy(reservation),
    })
    .returning({ id: reservations.videoId })
  return rows.length > 0
}

const untilIn = (seconds: number) => sql`now() + ${seconds} * interval '1 second'`

/** False when another attempt has taken over, or it was swept. */
export async function renewReservation(db: Queryable, attempt: Attempt, seconds: number): Promise<boolean> {
  const until = sql`greatest(${reservations.until}, ${untilIn(seconds)})`
  const rows = await db
    .update(reservations)
    .set({ until })
    .where(heldBy(attempt))
    .returning({ id: reservations.videoId })
  return rows.length > 0
}

/** The room is kept, for the next attempt. */
export async function freeReservation(tx: Tx, attempt: Attempt): Promise<void> {
  await tx.update(reservations).set({ blob: null, holder: null }).where(heldBy(attempt))
}

/** False when there is none, or another attempt has it. */
export async function deleteReservation(tx: Tx, attempt: Attempt): Promise<boolean> {
  const rows = await tx.delete(reservations).where(heldBy(attempt)).returning({ id: reservations.videoId })
  return rows.length > 0
}

/** False when it was gone on with meanwhile. */
export async function deleteLapsed(tx: Tx, videoId: VideoId): Promise<boolean> {
  const rows = await tx
    .delete(reservations)
    .where(and(eq(reservations.videoId, videoId), lapsed))
    .returning({ id: reservations.videoId })
  return rows.length > 0
}

/** Nobody settles it any more, and what it holds is looked at by whoever sweeps next. */
export async function lapseReservation(tx: Tx, videoId: VideoId): Promise<void> {
  const change = { bytes: 0, holder: null, until: sql`now()` }
  await tx.update(reservations).set(change).where(eq(reservations.videoId, videoId))
}

export async function reservedBlob(tx: Tx, videoId: VideoId): Promise<string | null> {
  const [row] = await tx.select({ blob: reservations.blob }).from(reservations).where(eq(reservations.videoId, videoId))
  return row?.blob ?? null
}

export async function listLapsed(db: Queryable): Promise<VideoId[]> {
  const rows = await db.select({ id: reservations.videoId }).from(reservations).where(lapsed).limit(200)
  return rows.map(({ id }) => id)
}

/**
 * Where the bytes with this checksum are, or are about to be, for somebody else. Under the lock of the original, under
 * which they also go.
 */
export async function findOriginal(tx: Tx, checksum: string): Promise<string | null> {
  const folder = folderOf(checksum)
  const [row] = await tx.execute<{ blob: string }>(sql`
    select original_blob as blob from ${videos}
      where ${videos.checksum} = ${checksum} and starts_with(${videos.originalBlob}, ${folder})
    union all
    select blob from ${reservations} where starts_with(${reservations.blob}, ${folder})
    limit 1`)
  return row?.blob ?? null
}

/**
 * In one statement, so that a film that is being recorded is seen either as reserved or as stored. A reservation that
 * has lapsed counts: until it is swept its holder may settle it.
 */
export async function isOriginalUsed(tx: Tx, blob: string): Promise<boolean> {
  const [row] = await tx.execute<{ used: boolean }>(sql`
    select exists (select 1 from ${videos} where ${videos.originalBlob} = ${blob})
        or exists (select 1 from ${reservations} where ${reservations.blob} = ${blob}) as used`)
  return row?.used ?? true
}

/** What all originals take, each once, and what is kept for those on their way; without what is kept for `except`. */
export async function readUsage(
  db: Queryable,
  except: VideoId | null = null,
): Promise<{ usedBytes: number; reservedBytes: number }> {
  const [row] = await db.execute<{ used: number; reserved: number }>(sql`
    with kept as (
      select max(r.bytes) as bytes from ${reservations} r
      where r.until > now() and r.video_id is distinct from ${except}::uuid
        and not exists (select 1 from ${videos} v where v.original_blob = r.blob)
      group by coalesce(r.blob, r.video_id::text)
    )
    select coalesce((select sum(bytes) from ${storageLedger}), 0)::float8 as used,
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
