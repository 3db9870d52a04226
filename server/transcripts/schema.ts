import { doublePrecision, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { VideoId, Word } from '../../shared/index.ts'
import { videos } from '../videos/schema.ts'

const videoId = () =>
  uuid('video_id')
    .$type<VideoId>()
    .notNull()
    .references(() => videos.id, { onDelete: 'cascade' })

/** Written when the transcript is whole: until then its segments are there without it. */
export const transcripts = pgTable('transcripts', {
  videoId: videoId().primaryKey(),
  language: text('language').notNull(),
  engine: text('engine').notNull(),
  segmentCount: integer('segment_count').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})

export const segments = pgTable(
  'segments',
  {
    videoId: videoId(),
    index: integer('index').notNull(),
    startSeconds: doublePrecision('start_seconds').notNull(),
    endSeconds: doublePrecision('end_seconds').notNull(),
    text: text('text').notNull(),
    speaker: text('speaker'),
    words: jsonb('words').$type<Word[]>().notNull(),
  },
  table => [primaryKey({ columns: [table.videoId, table.index] })],
)
