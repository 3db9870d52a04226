import { and, desc, eq, getTableColumns, ilike, isNull, lt, notInArray, or, sql } from 'drizzle-orm'
import type { VideoId, VideoStatus } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { type Renditions, renditionsOf } from '../platform/renditions/index.ts'
import { videos } from './schema.ts'

type StoredVideo = typeof videos.$inferSelect
export type VideoRow = StoredVideo & { renditions: Renditions }
export type NewVideoRow = typeof videos.$inferInsert

/** With what was made of it, in the same statement. */
const whole = { ...getTableColumns(videos), renditions: renditionsOf(sql`'video:' || ${videos}.id`) }

export async function insertVideo(tx: Tx, row: NewVideoRow): Promise<VideoRow> {
  const [inserted] = await tx.insert(videos).values(row).returning()
  return { ...(inserted as StoredVideo), renditions: {} }
}

export async function findVideo(db: Queryable, id: VideoId): Promise<VideoRow | undefined> {
  const [row] = await db.select(whole).from(videos).where(eq(videos.id, id))
  return row
}

/**
 * Holds the row until the transaction ends: stages of one video settle one after the other. Its key may be pointed to
 * meanwhile, or people could not talk: their messages hold the head of the log, which stages want last. What was made
 * of the video while this waited is seen by the next statement.
 */
export async function lockVideo(tx: Tx, id: VideoId): Promise<VideoRow | undefined> {
  const [row] = await tx.select(whole).from(videos).where(eq(videos.id, id)).for('no key update')
  return row
}

/** Answers what was made of a video by now only where it is held already. */
export async function updateVideo(tx: Tx, id: VideoId, change: Partial<NewVideoRow>): Promise<VideoRow | undefined> {
  const [row] = await tx
    .update(videos)
    .set({ ...change, updatedAt: sql`now()` })
    .where(eq(videos.id, id))
    .returning(whole)
  return row
}

/** Deletes a video that still has this checksum; undefined when it has another by now, or is gone. */
export async function deleteVideo(tx: Tx, id: VideoId, checksum: string | null): Promise<StoredVideo | undefined> {
  const same = checksum === null ? isNull(videos.checksum) : eq(videos.checksum, checksum)
  const [row] = await tx
    .delete(videos)
    .where(and(eq(videos.id, id), same))
    .returning()
  return row
}

/** Newest first: UUIDv7 sorts by time. `before` is the last id of the page before. */
export async function listVideos(
  db: Queryable,
  page: { limit: number; before: VideoId | undefined; status: VideoStatus | undefined; q: string | undefined },
): Promise<VideoRow[]> {
  return db
    .select(whole)
    .from(videos)
    .where(
      and(
        page.before ? lt(videos.id, page.before) : undefined,
        page.status ? eq(videos.status, page.status) : undefined,
        page.q ? ilike(videos.title, `%${page.q.replace(/[\\%_]/g, '\\$&')}%`) : undefined,
      ),
    )
    .orderBy(desc(videos.id))
    .limit(page.limit)
}

/** A video is ready before all of its stages are; what was cut off of these is taken up again. */
const unfinishedLater = and(
  eq(videos.status, 'ready'),
  sql`jsonb_path_exists(${videos.stages}, '$.*.state ? (@ == "pending" || @ == "running")')`,
)

export async function listUnfinished(db: Queryable): Promise<Pick<StoredVideo, 'id' | 'stages'>[]> {
  return db
    .select({ id: videos.id, stages: videos.stages })
    .from(videos)
    .where(or(notInArray(videos.status, ['ready', 'error']), unfinishedLater))
}
