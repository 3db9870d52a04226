import { boolean, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Who holds what. One that has lapsed is nobody's: whoever wants the thing takes it. */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  /** One attempt of one server. */
  holder: uuid('holder').notNull(),
  /** Somebody waits for it: the holder is asked to let go. */
  wanted: boolean('wanted').notNull().default(false),
  /** The holder renews this; when it lies in the past, its server has died. No index: it would be written at each renewal. */
  until: timestamp('until', { withTimezone: true, precision: 3 }).notNull(),
})
