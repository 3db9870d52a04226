import { asc, eq } from 'drizzle-orm'
import type { Segment, Transcript, VideoId } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { segments, transcripts } from './schema.ts'

/** Null until the transcript is whole. */
export async function findTranscript(db: Queryable, videoId: VideoId): Promise<Transcript | null> {
  const [head] = await db.select().from(transcripts).where(eq(transcripts.videoId, videoId))
  if (!head) return null
  const rows = await db.select().from(segments).where(eq(segments.videoId, videoId)).orderBy(asc(segments.index))
  return { language: head.language, engine: head.engine, segments: rows.map(presentSegment) }
}

function presentSegment({
  index,
  startSeconds,
  endSeconds,
  text,
  speaker,
  words,
}: typeof segments.$inferSelect): Segment {
  return { index, startSeconds, endSeconds, text, ...(speaker === null ? {} : { speaker }), words }
}

/** Forgets what a former attempt wrote. */
export async function removeTranscript(db: Queryable, videoId: VideoId): Promise<void> {
  await db.delete(transcripts).where(eq(transcripts.videoId, videoId))
  await db.delete(segments).where(eq(segments.videoId, videoId))
}

export async function insertSegments(db: Queryable, videoId: VideoId, added: readonly Segment[]): Promise<void> {
  if (added.length > 0) await db.insert(segments).values(added.map(segment => ({ videoId, ...segment })))
}

/** Says that the transcript is whole. */
export async function insertTranscript(
  db: Queryable,
  videoId: VideoId,
  head: { language: string; engine: string; segmentCount: number },
): Promise<void> {
  await db.insert(transcripts).values({ videoId, ...head })
}
