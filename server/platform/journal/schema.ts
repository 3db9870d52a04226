import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { StreamId } from '../../../shared/index.ts'

/** Where each stream's log stands. Its row lock is what numbers concurrent writers without gaps. */
export const streamHeads = pgTable('stream_heads', {
  stream: text('stream').$type<StreamId>().primaryKey(),
  seq: integer('seq').notNull(),
  /** That of its newest event. */
  mark: bigint('mark', { mode: 'number' }).notNull().default(0),
})

/** No foreign key to what a stream is about: that it was deleted must outlive it, for those who come back later. */
export const streamEvents = pgTable(
  'stream_events',
  {
    stream: text('stream').$type<StreamId>().notNull(),
    seq: integer('seq').notNull(),
    type: text('type').notNull(),
    payload: jsonb('payload').notNull(),
    /** Where it stands for those who read all streams: see `read-all.ts`. */
    mark: bigint('mark', { mode: 'number' }).notNull().default(0),
    at: timestamp('at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  table => [
    primaryKey({ columns: [table.stream, table.seq] }),
    index('stream_events_at').on(table.at),
    index('stream_events_mark').on(table.mark, table.stream, table.seq),
    // What was said, in its order, among much that happened.
    index('stream_events_said').on(table.stream, table.seq).where(sql`type = 'message.created'`),
  ],
)

/** One row: what is added to a transaction's id to make a mark. Raised when the database was loaded from a dump. */
export const markOrigin = pgTable('mark_origin', {
  only: integer('only').primaryKey(),
  origin: bigint('origin', { mode: 'number' }).notNull(),
})
