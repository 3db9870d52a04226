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
    /** Counts from 0 in each video, in the order of the film. */
    place: integer('place').notNull().default(0),
    /** The words of all segments as ./plain-text.ts gives them, with a space on both sides of each. */
    plain: text('plain').notNull(),
    /** PostgreSQL's text search configuration for the film's language. */
    stemmer: text('stemmer').notNull().default('english'),
    /** Stems of `plain` and of its other spellings (D), `plain` as it is (C), and the names of those who speak there (A). */
    words: searchWords('words').notNull(),
    /** By which rules the four above were made; an older one's are made anew at the next start. */
    edition: integer('edition').notNull().default(0),
    /** Null where no embedder was there. Compared only with vectors of the same model and dimension. */
    embedding: vector('embedding'),
    embeddingModel: text('embedding_model'),
    embeddingDimension: integer('embedding_dimension'),
  },
  table => [
    index('passages_place').on(table.videoId, table.place),
    index('passages_stemmer').on(table.stemmer),
    index('passages_words').using('gin', table.words),
    index('passages_trigrams').using('gin', table.plain.op('gin_trgm_ops')),
  ],
)
