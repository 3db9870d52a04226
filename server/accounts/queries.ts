import { and, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { configuredKeyName } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { apiKeys, secrets } from './schema.ts'

export type KeyRow = typeof apiKeys.$inferSelect
export type NewKeyRow = typeof apiKeys.$inferInsert

/** The versions before stored the configured key under its name: that is for the configuration alone to say. */
const isValid = and(isNull(apiKeys.revokedAt), ne(apiKeys.name, configuredKeyName))
/** One clock for all servers. */
const now = sql`now()`
const previousHolds = sql`${apiKeys.previousUntil} > now()`

/** Removes what the versions before stored of configured keys. */
export async function forgetConfiguredKeys(db: Queryable): Promise<void> {
  await db.delete(apiKeys).where(eq(apiKeys.name, configuredKeyName))
}

/** Undefined: the caller's `onceHash` was used before. */
export async function insertKey(db: Queryable, key: NewKeyRow): Promise<KeyRow | undefined> {
  const [row] = await db.insert(apiKeys).values(key).onConflictDoNothing({ target: apiKeys.onceHash }).returning()
  return row
}

export const listKeys = (db: Queryable): Promise<KeyRow[]> =>
  db.select().from(apiKeys).where(isValid).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))

export async function findKeyMadeOnce(db: Queryable, onceHash: string): Promise<{ id: string } | undefined> {
  const [row] = await db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.onceHash, onceHash))
  return row
}

/** What every server holds in memory: small, for it is read all the time. */
export const readHashes = (
  db: Queryable,
): Promise<{ id: string; name: string; hash: string; previousHash: string | null }[]> =>
  db
    .select({
      ...{ id: apiKeys.id, name: apiKeys.name, hash: apiKeys.hash },
      previousHash: sql<string | null>`case when ${previousHolds} then ${apiKeys.previousHash} end`,
    })
    .from(apiKeys)
    .where(isValid)

export async function noteKeysUsed(db: Queryable, ids: string[]): Promise<void> {
  await db.update(apiKeys).set({ lastUsedAt: now }).where(inArray(apiKeys.id, ids))
}

/** False when there is no such key. */
export async function revokeKey(db: Queryable, id: string): Promise<boolean> {
  const rows = await db
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), isValid))
    .returning({ id: apiKeys.id })
  return rows.length > 0
}

/** Undefined when there is no such key. */
export async function rotateKey(
  db: Queryable,
  id: string,
  { graceSeconds, ...secret }: { hash: string; start: string; graceSeconds: number },
): Promise<KeyRow | undefined> {
  const previous = {
    previousHash: graceSeconds > 0 ? sql`${apiKeys.hash}` : null,
    previousUntil: graceSeconds > 0 ? sql`now() + make_interval(secs => ${graceSeconds})` : null,
  }
  const [row] = await db
    .update(apiKeys)
    .set({ ...secret, ...previous, rotatedAt: now })
    .where(and(eq(apiKeys.id, id), isValid))
    .returning()
  return row
}

/** The secret of this name; `made` becomes it when there is none. */
export async function keepSecret(db: Queryable, name: string, made: string): Promise<string> {
  await db.insert(secrets).values({ name, value: made }).onConflictDoNothing()
  const [row] = await db.select({ value: secrets.value }).from(secrets).where(eq(secrets.name, name))
  return row?.value ?? made
}
