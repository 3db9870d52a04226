import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { VideoId } from '../../../shared/index.ts'

/** The newest `seq` of each room. Its row lock is what numbers concurrent writers without gaps. */
export const roomHeads = pgTable('room_heads', {
  videoId: uuid('video_id').$type<VideoId>().primaryKey(),
  seq: integer('seq').notNull(),
})

/** No foreign key to videos: `video.deleted` must outlive its video, for those who come back later. */
export const roomEvents = pgTable(
  'room_events',
  {
    videoId: uuid('video_id').notNull(),
    seq: integer('seq').notNull(),
    type: text('type').notNull(),
    payload: jsonb('payload').notNull(),
    at: timestamp('at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  table => [
    primaryKey({ columns: [table.videoId, table.seq] }),
    index('room_events_at').on(table.at),
    // What was said, in its order, among much that happened.
    index('room_events_said').on(table.videoId, table.seq).where(sql`type = 'message.created'`),
  ],
)
