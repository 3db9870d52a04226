import { bigint, index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { UploadStatus, VideoId } from '../../shared/index.ts'

/** Uploads that outlive one request: direct ones, and those that are sent in parts. */
export const uploads = pgTable(
  'uploads',
  {
    id: text('id').primaryKey(),
    /** `direct`: its video is there from the start. */
    way: text('way').$type<'direct' | 'resumable'>().notNull(),
    /** Chosen before the first byte; no reference, for the video comes later or goes earlier. */
    videoId: uuid('video_id').$type<VideoId>().notNull(),
    filename: text('filename').notNull(),
    title: text('title').notNull(),
    /** The `id` of the caller who made it; null for what was made before that was noted. */
    requestedBy: text('requested_by'),
    /** As announced, then as received. */
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    /** Where its sender may write in the object store; null when the film has to come here. */
    incomingBlob: text('incoming_blob'),
    /** The store's name for the parts that are sent there. */
    incomingParts: text('incoming_parts'),
    status: text('status').$type<UploadStatus>().notNull(),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    expiresAt: timestamp('expires_at', { withTimezone: true, precision: 3 }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  table => [index('uploads_expires').on(table.status, table.expiresAt)],
)

/** Captions that were sent before the film of a direct upload; gone when it is settled. */
export const uploadCaptions = pgTable('upload_captions', {
  uploadId: text('upload_id')
    .primaryKey()
    .references(() => uploads.id, { onDelete: 'cascade' }),
  body: text('body').notNull(),
})
