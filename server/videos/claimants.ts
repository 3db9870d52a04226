import { inArray } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { holdersOf } from '../platform/leases/index.ts'
import type { Claimant } from '../platform/removals/index.ts'
import { filmLease } from './film-lease.ts'
import { reservations, videos } from './schema.ts'

/** What has the name of an attempt in it is asked for by itself: the next attempt leaves it where it is. */
export const inVideoFolder = /^videos\/([0-9a-f]{8}-[0-9a-f-]{27})\/(?!captions-[0-9a-f-]{36}$)/
const captions = /^videos\/([0-9a-f-]{36})\/captions-[0-9a-f-]{36}$/

/**
 * What lies in the folder of a video that is there, or comes; captions, while a video has them or their attempt lives; and
 * the originals, each while somebody has it.
 */
export const videoClaimants = (db: Queryable): Claimant[] => [
  { shape: inVideoFolder, wanted: async keys => new Set(keys.filter(inFolderOf(await known(db, keys)))) },
  { shape: captions, wanted: keys => captionsOf(db, keys) },
  { shape: /^originals\/[0-9a-f]{64}\/film[\w-]*$/, wanted: keys => originalsOf(db, keys) },
]

const idIn = (key: string) => inVideoFolder.exec(key)?.[1] as VideoId
const inFolderOf = (ids: ReadonlySet<string>) => (key: string) => ids.has(idIn(key))

async function known(db: Queryable, keys: readonly string[]): Promise<Set<string>> {
  const ids = [...new Set(keys.map(idIn))]
  const rows = await db
    .select({ id: videos.id })
    .from(videos)
    .where(inArray(videos.id, ids))
    .union(db.select({ id: reservations.videoId }).from(reservations).where(inArray(reservations.videoId, ids)))
  return new Set(rows.map(({ id }) => id))
}

/** Those who bring a film are asked first: when one has ended meanwhile, its captions are the video's by now. */
async function captionsOf(db: Queryable, keys: readonly string[]): Promise<Set<string>> {
  const ids = [...new Set(keys.flatMap(key => captions.exec(key)?.[1] ?? []))] as VideoId[]
  const holders = await holdersOf(db, ids.map(filmLease))
  const ofAttempts = ids.map(id => `videos/${id}/captions-${holders.get(filmLease(id))}`)
  const rows = await db
    .select({ blob: videos.captionsBlob })
    .from(videos)
    .where(inArray(videos.captionsBlob, [...keys]))
  return new Set([...ofAttempts, ...rows.flatMap(({ blob }) => blob ?? [])])
}

/** In one statement: a film that is being recorded is seen either as reserved or as stored. */
async function originalsOf(db: Queryable, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ blob: videos.originalBlob })
    .from(videos)
    .where(inArray(videos.originalBlob, [...keys]))
    .union(
      db
        .select({ blob: reservations.blob })
        .from(reservations)
        .where(inArray(reservations.blob, [...keys])),
    )
  return new Set(rows.flatMap(({ blob }) => blob ?? []))
}
