import { eq, lt, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { uploadKeys } from './schema.ts'

/** What a request made. */
export interface Made {
  videoId: VideoId
  /** When it was a direct upload. */
  uploadId: string | null
}

export async function noteKey(tx: Tx, hash: string, { videoId, uploadId }: Made): Promise<void> {
  await tx.insert(uploadKeys).values({ hash, videoId, uploadId })
}

export async function findKey(db: Queryable, hash: string): Promise<Made | undefined> {
  const { videoId, uploadId } = uploadKeys
  const [row] = await db.select({ videoId, uploadId }).from(uploadKeys).where(eq(uploadKeys.hash, hash))
  return row
}

/** A day is promised: what comes back after two makes a new video. */
export async function forgetKeys(db: Queryable): Promise<void> {
  await db.delete(uploadKeys).where(lt(uploadKeys.createdAt, sql`now() - interval '2 days'`))
}
