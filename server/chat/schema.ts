import { doublePrecision, index, jsonb, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import type { Citation, MessageId, MessageKind, VideoId } from '../../shared/index.ts'
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
    clientId: text('client_id'),
    body: text('body').notNull(),
    atSeconds: doublePrecision('at_seconds'),
    /** No foreign key: what was replied to may be gone, and a reply stays a message without it. */
    replyTo: uuid('reply_to').$type<MessageId>(),
    citations: jsonb('citations').$type<Citation[]>().notNull(),
    engine: text('engine'),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  },
  table => [
    unique('messages_sent_once').on(table.videoId, table.author, table.clientId),
    index('messages_in_time').on(table.videoId, table.createdAt, table.id),
  ],
)
