import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/index.ts'
import { storeOwner } from './schema.ts'

/** What this database is called in the store; it names itself the first time. */
export async function ownerOf(db: Queryable): Promise<string> {
  await db.insert(storeOwner).values({}).onConflictDoNothing()
  const [row] = await db.select({ id: storeOwner.id }).from(storeOwner)
  if (!row) throw new Error('The database has no name.')
  return row.id
}

/** From now on it is another one's, in the store too. */
export async function takeNewName(db: Queryable): Promise<void> {
  await db.update(storeOwner).set({ id: sql`gen_random_uuid()` })
}

/** True for the one server whose turn it is; the others hear so for another day. */
export async function takeTurn(db: Queryable): Promise<boolean> {
  const rows = await db
    .update(storeOwner)
    .set({ sweptAt: sql`now()` })
    .where(sql`${storeOwner.sweptAt} < now() - interval '1 day'`)
    .returning({ id: storeOwner.id })
  return rows.length > 0
}
