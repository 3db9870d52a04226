import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { VideoId } from '../../shared/index.ts'

/** What came of a request with an Idempotency-Key, noted with it. Who makes it meanwhile holds a lease. */
export const uploadKeys = pgTable('upload_keys', {
  /** Of the key and of who sent it: neither is kept. */
  hash: text('hash').primaryKey(),
  videoId: uuid('video_id').$type<VideoId>().notNull(),
  /** When it was a direct upload. */
  uploadId: text('upload_id'),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})
