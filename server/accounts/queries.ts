import { count, eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../platform/db/index.ts'
import { apiKeys, secrets } from './schema.ts'

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

/** The secret of this name; `made` becomes it when there is none. */
export async function keepSecret(db: Queryable, name: string, made: string): Promise<string> {
  await db.insert(secrets).values({ name, value: made }).onConflictDoNothing()
  const [row] = await db.select({ value: secrets.value }).from(secrets).where(eq(secrets.name, name))
  return row?.value ?? made
}
