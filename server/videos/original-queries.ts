import { inArray, sql } from 'drizzle-orm'
import type { Tx } from '../platform/db/index.ts'
import { reservations, videos } from './schema.ts'

/** Where the bytes with a checksum lie, whoever sent them. */
export const originalKey = (checksum: string): string => `${folderOf(checksum)}film`
/** All names that the same bytes ever had are in it. */
export const folderOf = (checksum: string): string => `originals/${checksum.replace(/^sha256:/, '')}/`
/** False for originals from before: they lie with their video, and go with it. */
export const isShared = (blob: string): boolean => blob.startsWith('originals/')

/** One at a time, until the transaction ends, says who has an original. Taken before any row of a video is locked. */
export async function lockOriginal(tx: Tx, blob: string): Promise<void> {
  // The same for all names that the same bytes ever had.
  const name = blob.replace(/\/film-[^/]*$/, '/film')
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
}

/** Those of these captions that a video has. */
export async function captionsInUse(tx: Tx, keys: readonly string[]): Promise<Set<string | null>> {
  if (keys.length === 0) return new Set()
  const rows = await tx
    .select({ blob: videos.captionsBlob })
    .from(videos)
    .where(inArray(videos.captionsBlob, [...keys]))
  return new Set(rows.map(({ blob }) => blob))
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
