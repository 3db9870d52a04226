import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** What this installation signs with: made once, shared by its servers. */
export const secrets = pgTable('secrets', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
})

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

export const apiKeys = pgTable('api_keys', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  /** SHA-256 of the key, hexadecimal. A key has 256 random bits, so a fast hash keeps it as well as a slow one. */
  hash: text('hash').notNull().unique(),
  /** The first characters of the key, to know it by. Early versions kept none. */
  start: text('start'),
  createdAt: time('created_at').notNull().defaultNow(),
  createdBy: text('created_by'),
  /** The key that made it. */
  createdByKey: uuid('created_by_key'),
  /** Of its maker and their `Idempotency-Key`. */
  onceHash: text('once_hash').unique(),
  lastUsedAt: time('last_used_at'),
  rotatedAt: time('rotated_at'),
  /** The secret before a rotation opens as well until then. */
  previousHash: text('previous_hash'),
  previousUntil: time('previous_until'),
  /** Kept afterwards, for the record. */
  revokedAt: time('revoked_at'),
})
