import { doublePrecision, integer, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core'
import type { VideoId } from '../../shared/index.ts'
import { videos } from '../videos/schema.ts'

export const scenes = pgTable(
  'scenes',
  {
    videoId: uuid('video_id')
      .$type<VideoId>()
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    index: integer('index').notNull(),
    startSeconds: doublePrecision('start_seconds').notNull(),
    endSeconds: doublePrecision('end_seconds').notNull(),
    score: doublePrecision('score').notNull(),
  },
  table => [primaryKey({ columns: [table.videoId, table.index] })],
)
