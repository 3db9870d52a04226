import { count, eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../platform/db/index.ts'
import { apiKeys } from './schema.ts'

export async function insertKey(db: Queryable, key: { name: string; hash: string }): Promise<void> {
  await db
    .insert(apiKeys)
    .values({ id: uuidv7(), ...key })
    .onConflictDoNothing({ target: apiKeys.hash })
}

export async function keyExists(db: Queryable, hash: string): Promise<boolean> {
  const rows = await db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.hash, hash)).limit(1)
  return rows.length > 0
}

export async function countKeys(db: Queryable): Promise<number> {
  const [row] = await db.select({ total: count() }).from(apiKeys)
  return row?.total ?? 0
}
