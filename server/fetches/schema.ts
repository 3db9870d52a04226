import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { VideoId } from '../../shared/index.ts'
import { videos } from '../videos/schema.ts'

/** Where films are fetched from, until they are here: an address may be a secret, and who has the film needs it no more. */
export const fetches = pgTable('fetches', {
  videoId: uuid('video_id')
    .$type<VideoId>()
    .primaryKey()
    .references(() => videos.id, { onDelete: 'cascade' }),
  url: text('url').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})
