import { eq } from 'drizzle-orm'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { fetches } from './schema.ts'

export async function insertFetch(tx: Tx, row: { videoId: VideoId; url: string }): Promise<void> {
  await tx
    .insert(fetches)
    .values(row)
    .catch(fault => {
      // It quotes the address, and is logged.
      throw fault instanceof DrizzleQueryError ? fault.cause : fault
    })
}

/** Undefined when its film is here, or nobody wants it any more. */
export async function findFetchUrl(db: Queryable, videoId: VideoId): Promise<string | undefined> {
  const [row] = await db.select({ url: fetches.url }).from(fetches).where(eq(fetches.videoId, videoId))
  return row?.url
}

export async function deleteFetch(tx: Tx, videoId: VideoId): Promise<void> {
  await tx.delete(fetches).where(eq(fetches.videoId, videoId))
}
