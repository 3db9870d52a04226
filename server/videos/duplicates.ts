import { randomUUID } from 'node:crypto'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Tx } from '../platform/db/index.ts'
import { isNoted } from '../platform/removals/index.ts'
import { folderOf, lockOriginal, originalKey } from './original-queries.ts'
import { reservations, videos } from './schema.ts'

// The same bytes are stored once, and of the videos that have them one is the first. All of it under the lock of the
// original, under which they also go.

/** Where bytes are to lie: where they are, or are about to be, for somebody else; else at a name of their own. */
export async function placeFor(tx: Tx, checksum: string): Promise<string> {
  return (await findOriginal(tx, checksum)) ?? (await freshKey(tx, originalKey(checksum)))
}

async function findOriginal(tx: Tx, checksum: string): Promise<string | null> {
  const folder = folderOf(checksum)
  const [row] = await tx.execute<{ blob: string }>(sql`
    select original_blob as blob from ${videos}
      where ${videos.checksum} = ${checksum} and starts_with(${videos.originalBlob}, ${folder})
    union all
    select blob from ${reservations} where starts_with(${reservations.blob}, ${folder})
    limit 1`)
  return row?.blob ?? null
}

/** A name that is about to be removed is not given again: who removes it does so at some time. */
async function freshKey(tx: Tx, key: string): Promise<string> {
  return (await isNoted(tx, key)) ? `${key}-${randomUUID()}` : key
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
