import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import type { StageName, StageState, TranscriptState, VideoId, VideoSource, VideoStatus } from '../../shared/index.ts'

export interface StoredStage {
  state: StageState
  reason?: string
  /** While it runs again: how it ended before. That stands until the new end is there. */
  before?: { state: StageState; reason?: string }
}
export type StoredStages = Partial<Record<StageName, StoredStage>>

/** How the bytes of a video are built. */
export interface MediaFacts {
  /** MIME type of the original. */
  contentType: string
  container: string
  /** The index (`moov`) of an MP4 lies before its frames. True for containers that have none. */
  fastStart: boolean
  /** What its header says is so. Films that came before this was looked at have no word of it. */
  faultless?: boolean
  /** Indexes of the streams that were chosen, as ffmpeg counts them; null where there is none. */
  videoStream: number | null
  audioStream: number | null
  /** Text subtitle streams that the file carries. */
  subtitleStreams: { index: number; codec: string; language: string | null }[]
  pixelFormat: string | null
}

export const videos = pgTable(
  'videos',
  {
    id: uuid('id').$type<VideoId>().primaryKey(),
    title: text('title').notNull(),
    filename: text('filename').notNull(),
    source: text('source').$type<VideoSource>().notNull(),
    /** The `id` of the caller who brought it; null for what came before that was noted. */
    requestedBy: text('requested_by'),
    status: text('status').$type<VideoStatus>().notNull(),
    stages: jsonb('stages').$type<StoredStages>().notNull(),
    playable: boolean('playable').notNull(),
    transcriptState: text('transcript_state').$type<TranscriptState>().notNull(),
    transcriptReason: text('transcript_reason'),
    transcriptLanguage: text('transcript_language'),
    // What is known of the bytes is null until they are here.
    durationSeconds: doublePrecision('duration_seconds'),
    width: integer('width'),
    height: integer('height'),
    frameRate: doublePrecision('frame_rate'),
    videoCodec: text('video_codec'),
    audioCodec: text('audio_codec'),
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    checksum: text('checksum'),
    /** The first of those that have the same bytes; no reference, for it is set anew when that one goes. */
    duplicateOf: uuid('duplicate_of').$type<VideoId>(),
    media: jsonb('media').$type<MediaFacts>(),
    /** What was sent, and can't be made anew. What is made of it is kept as its renditions. */
    originalBlob: text('original_blob'),
    captionsBlob: text('captions_blob'),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    readyAt: timestamp('ready_at', { withTimezone: true, precision: 3 }),
  },
  table => [
    index('videos_status').on(table.status),
    index('videos_checksum').on(table.checksum),
    index('videos_original').on(table.originalBlob),
  ],
)

/**
 * Room that is kept for a film on its way, and the original that it is about to have, which nobody removes meanwhile.
 * Whoever brings the film has a lease, and says what becomes of it. One that has lapsed was left by a server that died, or
 * by a video that was deleted: its original is looked at, and goes when no video has it.
 */
export const reservations = pgTable(
  'reservations',
  {
    /** No reference: the video comes later, or went. */
    videoId: uuid('video_id').$type<VideoId>().primaryKey(),
    /** What was announced, then what came; 0 while nobody knows. */
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    blob: text('blob'),
    /** How long the film is waited for; while somebody brings it, it does not lapse. */
    until: timestamp('until', { withTimezone: true, precision: 3 }).notNull(),
  },
  table => [index('reservations_blob').on(table.blob), index('reservations_until').on(table.until)],
)

/**
 * What the originals take, each once, as sums of parts: each film that comes or goes enters what that changes, in its
 * transaction, and waits for nobody. The parts are added up now and then, so that there are few to read.
 */
export const storageLedger = pgTable('storage_ledger', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
})
