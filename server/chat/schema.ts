import { sql } from 'drizzle-orm'
import {
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import type { AnswerUsage, Citation, MemberId, MessageId, MessageKind, Reaction, VideoId } from '../../shared/index.ts'
import { videos } from '../videos/schema.ts'

export const messages = pgTable(
  'messages',
  {
    id: uuid('id').$type<MessageId>().primaryKey(),
    videoId: uuid('video_id')
      .$type<VideoId>()
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<MessageKind>().notNull(),
    author: text('author').notNull(),
    authorId: text('author_id').$type<MemberId>(),
    clientId: text('client_id'),
    /** Whose it is when it is sent again; never shown. Null for answers. */
    sender: text('sender'),
    body: text('body').notNull(),
    atSeconds: doublePrecision('at_seconds'),
    endSeconds: doublePrecision('end_seconds'),
    /** No foreign key: what was replied to may be gone, and a reply stays a message without it. */
    replyTo: uuid('reply_to').$type<MessageId>(),
    mentions: jsonb('mentions').$type<MemberId[]>().notNull().default([]),
    reactions: jsonb('reactions').$type<Reaction[]>().notNull().default([]),
    citations: jsonb('citations').$type<Citation[]>().notNull(),
    engine: text('engine'),
    usage: jsonb('usage').$type<AnswerUsage>(),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
    editedAt: timestamp('edited_at', { withTimezone: true, precision: 3 }),
    /** What was deleted keeps its row, without its words: sent again, it is not new. */
    deletedAt: timestamp('deleted_at', { withTimezone: true, precision: 3 }),
  },
  table => [
    unique('messages_sent_once').on(table.videoId, table.sender, table.clientId),
    index('messages_answers').on(table.replyTo).where(sql`kind = 'answer'`),
  ],
)

/** How far each person has seen the log of each room. */
export const readMarks = pgTable(
  'read_marks',
  {
    videoId: uuid('video_id')
      .$type<VideoId>()
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    memberId: text('member_id').$type<MemberId>().notNull(),
    seq: integer('seq').notNull(),
  },
  table => [primaryKey({ columns: [table.videoId, table.memberId] })],
)
