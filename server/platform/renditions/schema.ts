import { bigint, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { StreamId } from '../../../shared/index.ts'

/** Each finished file that was made of something, by the name of what it is. Written with its fact. */
export const renditions = pgTable(
  'renditions',
  {
    /** What it was made of. No foreign key: streams are of several kinds. */
    stream: text('stream').$type<StreamId>().notNull(),
    name: text('name').notNull(),
    /** Of one blob, or of all below it when it ends in a slash. */
    key: text('key').notNull(),
    /** Null while nobody has looked: it was made before sizes were noted. */
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    /** MIME type; null for a folder. */
    contentType: text('content_type'),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  table => [primaryKey({ columns: [table.stream, table.name] })],
)
