import { sql } from 'drizzle-orm'
import { customType, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { toSql } from 'pgvector'
import type { VideoId } from '../../shared/index.ts'
import { videos } from '../videos/schema.ts'

/** A segment of the transcript, as far as a hit shows it. */
export interface PassageSegment {
  index: number
  startSeconds: number
  endSeconds: number
  text: string
}

const searchWords = customType<{ data: string }>({ dataType: () => 'tsvector' })
/** Of any dimension: which one depends on the model, and another model may come. */
const vector = customType<{ data: Float32Array; driverData: string }>({
  dataType: () => 'vector',
  toDriver: value => String(toSql(Array.from(value))),
})

/** What search finds: neighbouring segments. Their times and texts are copied, so that a hit needs no second look. */
export const passages = pgTable(
  'passages',
  {
    /** UUIDv7, made in the order of the film. */
    id: uuid('id').primaryKey(),
    videoId: uuid('video_id')
      .$type<VideoId>()
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    segments: jsonb('segments').$type<PassageSegment[]>().notNull(),
    /** The words of all segments as ./plain-text.ts gives them, with a space on both sides of each. */
    plain: text('plain').notNull(),
    /** Words as they are (A), for every language and for exactness, and as English stems (B). */
    words: searchWords('words')
      .notNull()
      .generatedAlwaysAs(
        sql`setweight(to_tsvector('simple', plain), 'A') || setweight(to_tsvector('english', plain), 'B')`,
      ),
    /** Null where no embedder was there. Compared only with vectors of the same model and dimension. */
    embedding: vector('embedding'),
    embeddingModel: text('embedding_model'),
    embeddingDimension: integer('embedding_dimension'),
  },
  table => [
    index('passages_video').on(table.videoId),
    index('passages_words').using('gin', table.words),
    index('passages_trigrams').using('gin', table.plain.op('gin_trgm_ops')),
  ],
)
