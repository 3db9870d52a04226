import { asc, eq } from 'drizzle-orm'
import type { Scene, VideoId } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { scenes } from './schema.ts'

const insertedAtOnce = 1000

/** Puts them in the place of those that a former run has left. */
export async function replaceScenes(tx: Tx, videoId: VideoId, found: readonly Scene[]): Promise<void> {
  await tx.delete(scenes).where(eq(scenes.videoId, videoId))
  for (let at = 0; at < found.length; at += insertedAtOnce) {
    await tx.insert(scenes).values(found.slice(at, at + insertedAtOnce).map(scene => ({ videoId, ...scene })))
  }
}

/** In order of time; empty while there are none. */
export async function listScenes(db: Queryable, videoId: VideoId): Promise<Scene[]> {
  const { index, startSeconds, endSeconds, score } = scenes
  return db
    .select({ index, startSeconds, endSeconds, score })
    .from(scenes)
    .where(eq(scenes.videoId, videoId))
    .orderBy(asc(index))
}
