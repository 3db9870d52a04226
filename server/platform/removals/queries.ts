import { and, count, eq, inArray, lte, min, sql } from 'drizzle-orm'
import type { Queryable } from '../db/index.ts'
import { blobRemovals } from './schema.ts'

export type RemovalRow = typeof blobRemovals.$inferSelect

/** Longer than a store takes to say no. Whoever dies at it is followed by another one after this. */
const leaseEnd = sql`now() + interval '2 minutes'`

/** Noted again, it is removed again: more may have come. */
export async function noteRemovals(db: Queryable, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await db
    .insert(blobRemovals)
    .values(keys.map(key => ({ key })))
    .onConflictDoUpdate({ target: blobRemovals.key, set: { nextAt: sql`now()`, done: false } })
}

/** One server at a time gets each of them; `only` these when given. */
export async function leaseRemovals(db: Queryable, most: number, only?: readonly string[]): Promise<RemovalRow[]> {
  const due = db
    .select({ key: blobRemovals.key })
    .from(blobRemovals)
    .where(and(lte(blobRemovals.nextAt, sql`now()`), only && inArray(blobRemovals.key, [...only])))
    .orderBy(blobRemovals.nextAt)
    .limit(most)
    .for('update', { skipLocked: true })
  return db
    .update(blobRemovals)
    .set({ nextAt: leaseEnd, tries: sql`${blobRemovals.tries} + 1` })
    .where(inArray(blobRemovals.key, due))
    .returning()
}

/** Nobody else works on an embedded database: what is leased at its start was left by a process that has ended. */
export async function endLeases(db: Queryable): Promise<void> {
  await db.update(blobRemovals).set({ nextAt: sql`now()` }).where(eq(blobRemovals.done, false))
}

/** Nothing when it was noted anew meanwhile: then it is removed once more. */
const asLeased = ({ key, tries }: RemovalRow) => and(eq(blobRemovals.key, key), eq(blobRemovals.tries, tries))
const stillLeased = sql`${blobRemovals.nextAt} > now()`

export async function forgetRemoval(db: Queryable, row: RemovalRow): Promise<void> {
  await db.delete(blobRemovals).where(and(asLeased(row), stillLeased))
}

export async function postponeRemoval(db: Queryable, row: RemovalRow, after: { seconds: number; done: boolean }) {
  await db
    .update(blobRemovals)
    .set({ nextAt: sql`now() + ${after.seconds} * interval '1 second'`, done: after.done })
    .where(and(asLeased(row), stillLeased))
}

export async function isNoted(db: Queryable, key: string): Promise<boolean> {
  const rows = await db.select({ key: blobRemovals.key }).from(blobRemovals).where(eq(blobRemovals.key, key))
  return rows.length > 0
}

export async function countWaiting(db: Queryable): Promise<{ count: number; oldest: Date | null }> {
  const [row] = await db
    .select({ count: count(), oldest: min(blobRemovals.notedAt) })
    .from(blobRemovals)
    .where(eq(blobRemovals.done, false))
  return { count: row?.count ?? 0, oldest: row?.oldest ?? null }
}
