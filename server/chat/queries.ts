import { and, asc, desc, eq, gt, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { type MemberId, type Message, type MessageId, type VideoId, videoStream } from '../../shared/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { type Insertion, streamEvents } from '../platform/journal/index.ts'
import { messages } from './schema.ts'

/** What makes a message the same one again. Answers have no sender, and are told by their ids. */
export interface SenderKey extends Pick<Message, 'videoId' | 'clientId'> {
  sender: string | null
}
/** A message with what is not shown of it. */
export type KeptMessage = Message & SenderKey

/**
 * Stores those messages that are new. Left out: those that are there already, those of a video that is gone, and
 * replies to what is not in their room, answers to a question that is gone among them. Locks are taken in the order in
 * which everyone takes them: the videos, the messages in the order of what makes them the same, then the log's head.
 */
export const messageInsertion: Insertion<KeptMessage> = {
  type: 'message.created',
  stream: ({ videoId }) => videoStream(videoId),
  payload: ({ sender: _, ...message }) => ({ message }),
  ctes: `given as (
      select message, n, g.*
      from jsonb_array_elements($1::text::jsonb) with ordinality as e(message, n)
      cross join lateral jsonb_to_record(message) as g(
        id uuid, "videoId" uuid, kind text, author text, "authorId" text, "clientId" text, sender text, body text,
        "atSeconds" double precision, "endSeconds" double precision, "replyTo" uuid, mentions jsonb, citations jsonb,
        engine text, usage jsonb, "createdAt" timestamptz
      )
    ), rooms as (
      select id from videos where id in (select "videoId" from given) order by id for key share
    ), fresh as (
      insert into messages
        (id, video_id, kind, author, author_id, client_id, sender, body, at_seconds, end_seconds, reply_to, mentions, citations,
         engine, usage, created_at)
      select id, "videoId", kind, author, "authorId", "clientId", sender, body, "atSeconds", "endSeconds", "replyTo", mentions,
        citations, engine, nullif(usage, 'null'), "createdAt"
      from given g
      where "videoId" in (select id from rooms)
        and ("replyTo" is null or exists (
          select from messages m where m.id = g."replyTo" and m.video_id = g."videoId" and m.deleted_at is null
        ))
      order by "videoId", sender, "clientId"
      on conflict do nothing
      returning id
    ), inserted as (
      select id, 'video:' || "videoId" as stream, n, jsonb_build_object('message', message - 'sender') as payload from given join fresh using (id)
    )`,
}

/** What stands where this message would: it itself, or what the same sender sent under the same `clientId`. */
export async function findStored(
  db: Queryable,
  wanted: SenderKey & { id: MessageId },
): Promise<(KeptMessage & { isDeleted: boolean }) | undefined> {
  const bySender = wanted.clientId === null ? undefined : sentBy(wanted)
  const [row] = await db
    .select()
    .from(messages)
    .where(or(eq(messages.id, wanted.id), bySender))
  return row && { ...present(row), sender: row.sender, isDeleted: row.deletedAt !== null }
}

export async function findSent(db: Queryable, key: SenderKey): Promise<Message | undefined> {
  const [row] = await there(db, sentBy(key))
  return row && present(row)
}

export async function findKept(db: Queryable, id: MessageId): Promise<KeptMessage | undefined> {
  const [row] = await there(db, eq(messages.id, id))
  return row && { ...present(row), sender: row.sender }
}

export async function findMessage(db: Queryable, id: MessageId): Promise<Message | undefined> {
  const [row] = await there(db, eq(messages.id, id))
  return row && present(row)
}

/** Who asked what this answers; also when that is gone. Null when it came without a person. */
export async function findAsker(db: Queryable, { replyTo }: Pick<Message, 'replyTo'>): Promise<MemberId | null> {
  if (replyTo === null) return null
  const [row] = await db.select({ authorId: messages.authorId }).from(messages).where(eq(messages.id, replyTo))
  return row?.authorId ?? null
}

/** How many answers to a question were deleted. */
export async function countDeletedAnswers(db: Queryable, questionId: MessageId): Promise<number> {
  const [counted] = await db
    .select({ answers: sql<number>`count(*)::int` })
    .from(messages)
    .where(and(eq(messages.replyTo, questionId), eq(messages.kind, 'answer'), isNotNull(messages.deletedAt)))
  return counted?.answers ?? 0
}

/** Its row is locked until the transaction ends. */
export async function lockMessage(
  tx: Tx,
  { videoId, messageId }: { videoId: VideoId; messageId: MessageId },
): Promise<Message | undefined> {
  const [row] = await there(tx, and(eq(messages.id, messageId), eq(messages.videoId, videoId))).for('update')
  return row && present(row)
}

/** What is said of places behind a second of a film; their rows are locked, in the order in which everyone locks them. */
export async function lockBehind(tx: Tx, videoId: VideoId, seconds: number): Promise<Message[]> {
  const isBehind = or(gt(messages.atSeconds, seconds), gt(messages.endSeconds, seconds))
  const rows = await there(tx, and(eq(messages.videoId, videoId), isBehind))
    .orderBy(asc(messages.sender), asc(messages.clientId))
    .for('update')
  return rows.map(present)
}

/** One whose row is locked. */
export async function updateMessage(
  tx: Tx,
  id: MessageId,
  change: Partial<typeof messages.$inferInsert>,
): Promise<Message> {
  const [row] = await tx.update(messages).set(change).where(eq(messages.id, id)).returning()
  if (!row) throw new Error(`The message ${id} was not locked before it was changed.`)
  return present(row)
}

export async function deleteMessage(tx: Tx, id: MessageId): Promise<void> {
  const nothing = { body: '', mentions: [], reactions: [], citations: [] }
  await tx
    .update(messages)
    .set({ ...nothing, deletedAt: new Date() })
    .where(eq(messages.id, id))
}

/** What people said about places in the film, and what replies to anything; oldest first. */
export async function listComments(db: Queryable, videoId: VideoId, limit: number): Promise<Message[]> {
  const hasPlace = or(isNotNull(messages.atSeconds), isNotNull(messages.replyTo))
  const rows = await said(db, videoId, and(eq(messages.kind, 'message'), hasPlace))
    .orderBy(asc(streamEvents.seq))
    .limit(limit)
  return rows.map(row => present(row.message))
}

/** Where a page of the talk ends: a place in the log, or what lies there. */
export type Before = { seq: number } | { id: MessageId }

/** The newest `limit` of a room, or those before a place; newest first, each with its own place. */
export async function listNewest(
  db: Queryable,
  videoId: VideoId,
  page: { limit: number; before?: Before | undefined },
): Promise<{ message: Message; seq: number }[]> {
  const rows = await said(db, videoId, page.before && sql`${streamEvents.seq} < ${placeOf(videoId, page.before)}`)
    .orderBy(desc(streamEvents.seq))
    .limit(page.limit)
  return rows.map(({ message, seq }) => ({ message: present(message), seq }))
}

/**
 * What was said in a room and is still there. The log says in which order: servers' clocks differ, and a reply may have
 * an earlier time than what it replies to.
 */
const said = (db: Queryable, videoId: VideoId, which: SQL | undefined) =>
  db
    .select({ message: messages, seq: streamEvents.seq })
    .from(streamEvents)
    .innerJoin(messages, eq(messages.id, sql`(${saidId})::uuid`))
    .where(and(eq(streamEvents.stream, videoStream(videoId)), eq(streamEvents.type, 'message.created'), isThere, which))

const saidId = sql`${streamEvents.payload} #>> '{message,id}'`

/** Also of a message that was deleted: the log keeps its place. */
const placeOf = (videoId: VideoId, before: Before): SQL =>
  'seq' in before
    ? sql`${before.seq}::bigint`
    : sql`(select ${streamEvents.seq} from ${streamEvents} where ${streamEvents.stream} = ${videoStream(videoId)}
        and ${streamEvents.type} = 'message.created' and ${saidId} = ${before.id} order by ${streamEvents.seq} desc limit 1)`

const isThere = isNull(messages.deletedAt)

const there = (db: Queryable, which: SQL | undefined) => db.select().from(messages).where(and(which, isThere))

const sentBy = ({ videoId, sender, clientId }: SenderKey) =>
  and(eq(messages.videoId, videoId), eq(messages.sender, sender ?? ''), eq(messages.clientId, clientId ?? ''))

const present = ({ sender: _, deletedAt: __, ...row }: typeof messages.$inferSelect): Message => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  editedAt: row.editedAt?.toISOString() ?? null,
})
