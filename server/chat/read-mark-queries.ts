import { and, eq, sql } from 'drizzle-orm'
import { type MemberId, type Unread, type VideoId, videoStream } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { streamEvents, streamHeads } from '../platform/journal/index.ts'
import { messages, readMarks } from './schema.ts'

export interface Reader {
  videoId: VideoId
  memberId: MemberId
}

const mostCounted = 999

/** Undefined for someone who was never here. */
export async function findMark(db: Queryable, { videoId, memberId }: Reader): Promise<number | undefined> {
  const [mark] = await db
    .select({ seq: readMarks.seq })
    .from(readMarks)
    .where(and(eq(readMarks.videoId, videoId), eq(readMarks.memberId, memberId)))
  return mark?.seq
}

// The video is held while it is marked: one that is being deleted is waited for, and is gone then.

/** The first mark of someone; the one that is there when another tab was quicker. Undefined for a video that is gone. */
export async function placeMark(db: Queryable, { videoId, memberId, seq }: Reader & { seq: number }) {
  await db.execute(sql`
    insert into ${readMarks} (video_id, member_id, seq)
    select id, ${memberId}, ${seq}::int from videos where id = ${videoId} for key share
    on conflict do nothing`)
  return findMark(db, { videoId, memberId })
}

/** Forward, and no further than the log: where it is then. Undefined when it did not move. */
export async function moveMark(db: Queryable, { videoId, memberId, seq }: Reader & { seq: number }) {
  const [moved] = await db.execute<{ seq: number }>(sql`
    insert into ${readMarks} as mark (video_id, member_id, seq)
    select videos.id, ${memberId}, least(${seq}::bigint, head.seq)
    from ${streamHeads} as head, videos where head.stream = ${videoStream(videoId)} and videos.id = ${videoId}
    for key share of videos
    on conflict (video_id, member_id) do update set seq = excluded.seq where mark.seq < excluded.seq
    returning seq`)
  return moved?.seq
}

/**
 * What others said after an event, and how much of it speaks to the reader. The log says when, by the range of its key;
 * the messages say what of it is still there.
 */
export async function countUnread(
  db: Queryable,
  { videoId, memberId, after, upTo }: Reader & { after: number; upTo?: number },
): Promise<Omit<Unread, 'seq'>> {
  const [counted] = await db.execute<Omit<Unread, 'seq'>>(sql`
    select count(*)::int as messages, count(*) filter (where mentions ? ${memberId})::int as mentions
    from (
      select said.mentions
      from ${streamEvents} as event join ${messages} as said on said.id = (event.payload #>> '{message,id}')::uuid
      where event.stream = ${videoStream(videoId)} and event.seq > ${after}::bigint
        ${upTo === undefined ? sql`` : sql`and event.seq <= ${upTo}::int`}
        and event.type = 'message.created' and said.author_id is distinct from ${memberId} and said.deleted_at is null
      order by event.seq desc limit ${mostCounted}
    ) as unread`)
  return counted ?? { messages: 0, mentions: 0 }
}
