import { and, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { uploadKeys } from './schema.ts'
import type { Made } from './uploads.ts'

/** From one renewal to the next. */
export const keyLeaseMs = 15_000
const leaseUntil = sql`now() + ${keyLeaseMs} * interval '1 millisecond'`

const held = (hash: string, holder: string) => and(eq(uploadKeys.hash, hash), eq(uploadKeys.holder, holder))

/** True for the one who is to make the video: the first, or who comes after one that died. */
export async function takeKey(db: Queryable, hash: string, holder: string): Promise<boolean> {
  const row = { holder, leaseUntil }
  const taken = await db
    .insert(uploadKeys)
    .values({ hash, ...row })
    .onConflictDoUpdate({
      target: uploadKeys.hash,
      set: row,
      setWhere: sql`${uploadKeys.videoId} is null and ${uploadKeys.leaseUntil} < now()`,
    })
    .returning({ hash: uploadKeys.hash })
  return taken.length > 0
}

/** False when somebody else has taken it. */
export async function renewKey(db: Queryable, hash: string, holder: string): Promise<boolean> {
  const rows = await db
    .update(uploadKeys)
    .set({ leaseUntil })
    .where(held(hash, holder))
    .returning({ hash: uploadKeys.hash })
  return rows.length > 0
}

/** False when somebody else has taken it. */
export async function noteKey(
  tx: Tx,
  { hash, holder, videoId, uploadId }: Made & { hash: string; holder: string },
): Promise<boolean> {
  const noted = await tx
    .update(uploadKeys)
    .set({ videoId, uploadId })
    .where(held(hash, holder))
    .returning({ hash: uploadKeys.hash })
  return noted.length > 0
}

export async function dropKey(db: Queryable, hash: string, holder: string): Promise<void> {
  await db.delete(uploadKeys).where(and(held(hash, holder), isNull(uploadKeys.videoId)))
}

export async function findKey(db: Queryable, hash: string) {
  const [row] = await db.select().from(uploadKeys).where(eq(uploadKeys.hash, hash))
  return row
}

/** A day is promised: what comes back after two makes a new video. */
export async function forgetKeys(db: Queryable): Promise<void> {
  await db.delete(uploadKeys).where(lt(uploadKeys.createdAt, sql`now() - interval '2 days'`))
}

/** Nobody else works on an embedded database: keys that are held at its start were left by a process that has ended. */
export async function endKeys(db: Queryable): Promise<void> {
  await db.delete(uploadKeys).where(isNull(uploadKeys.videoId))
}
