import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** What this installation signs with: made once, shared by its servers. */
export const secrets = pgTable('secrets', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
})

export const apiKeys = pgTable('api_keys', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  /** SHA-256 of the key, hexadecimal. A key has 256 random bits, so a fast hash keeps it as well as a slow one. */
  hash: text('hash').notNull().unique(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})
