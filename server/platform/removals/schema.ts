import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** What nobody wants any more, noted with the fact that makes it so. It is never named again while it is noted here. */
export const blobRemovals = pgTable(
  'blob_removals',
  {
    /** Of one blob, or of all below it when it ends in a slash. */
    key: text('key').primaryKey(),
    tries: integer('tries').notNull().default(0),
    /** Nobody tries before: a server is at it, or the store is given time. */
    nextAt: timestamp('next_at', { withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    /** Removed, after requests whose answer never came: they may still arrive, so its name is not given away yet. */
    done: boolean('done').notNull().default(false),
    notedAt: timestamp('noted_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  table => [index('blob_removals_next').on(table.nextAt)],
)

/** One row: whose the store is, as this database is called there, and when it was last swept. */
export const storeOwner = pgTable('store_owner', {
  one: boolean('one').primaryKey().default(true),
  id: uuid('id').notNull().defaultRandom(),
  sweptAt: timestamp('swept_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})
