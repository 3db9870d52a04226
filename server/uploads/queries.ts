import { and, eq, gt, inArray, isNotNull, isNull, lt, lte, not, notInArray, sql } from 'drizzle-orm'
import type { Beside } from '../intake/index.ts'
import type { Queryable, Tx } from '../platform/db/index.ts'
import { isBeingBrought } from '../videos/index.ts'
import { uploadCaptions, uploads } from './schema.ts'

export type UploadRow = typeof uploads.$inferSelect
export type NewUploadRow = typeof uploads.$inferInsert

const now = sql`now()`
export const open = inArray(uploads.status, ['waiting', 'receiving'])
const nobodyReceives = not(isBeingBrought(uploads.videoId))

export async function insertUpload(db: Queryable, row: NewUploadRow): Promise<void> {
  await db.insert(uploads).values(row)
}

export async function findUpload(db: Queryable, id: string): Promise<UploadRow | undefined> {
  const [row] = await db.select().from(uploads).where(eq(uploads.id, id))
  return row
}

/** Its film is coming, again or for the first time. Undefined when it is settled, or has expired. */
export async function beginReceiving(tx: Tx, id: string): Promise<UploadRow | undefined> {
  const [row] = await tx
    .update(uploads)
    .set({ status: 'receiving' })
    .where(and(eq(uploads.id, id), open, gt(uploads.expiresAt, now)))
    .returning()
  return row
}

/** By whoever has the lease of its film. False when it is settled. */
export async function changeUpload(db: Queryable, id: string, change: Partial<NewUploadRow>): Promise<boolean> {
  const rows = await db
    .update(uploads)
    .set(change)
    .where(and(eq(uploads.id, id), open))
    .returning({ id: uploads.id })
  return rows.length > 0
}

export async function deleteUpload(db: Queryable, id: string): Promise<void> {
  await db.delete(uploads).where(eq(uploads.id, id))
}

/** The first one to note its parts wins; answers whose parts are noted. */
export async function noteParts(db: Queryable, id: string, incomingParts: string): Promise<string | null> {
  await db
    .update(uploads)
    .set({ incomingParts })
    .where(and(eq(uploads.id, id), open, isNull(uploads.incomingParts)))
  return (await findUpload(db, id))?.incomingParts ?? null
}

/** They are one blob by now, or gone: the next ones get a name of their own. */
export async function forgetParts(tx: Tx, id: string): Promise<void> {
  await tx
    .update(uploads)
    .set({ incomingParts: null })
    .where(and(eq(uploads.id, id), open))
}

/** Settled ones to whose address in the object store nobody can write any more. */
export const listUnwritable = (db: Queryable): Promise<UploadRow[]> =>
  db
    .select()
    .from(uploads)
    .where(
      and(
        isNotNull(uploads.incomingBlob),
        notInArray(uploads.status, ['waiting', 'receiving']),
        lt(uploads.expiresAt, sql`now() - interval '1 hour'`),
      ),
    )
    .limit(100)

export async function forgetIncoming(db: Queryable, id: string): Promise<void> {
  await db.update(uploads).set({ incomingBlob: null, incomingParts: null }).where(eq(uploads.id, id))
}

/** Nobody sends them any more in time, and nobody receives them. */
export const listExpired = (db: Queryable): Promise<UploadRow[]> =>
  db
    .select()
    .from(uploads)
    .where(and(open, lte(uploads.expiresAt, now), nobodyReceives))
    .limit(100)

/** Those whose receiver has died. */
export const listAbandoned = (db: Queryable): Promise<UploadRow[]> =>
  db
    .select()
    .from(uploads)
    .where(and(eq(uploads.status, 'receiving'), nobodyReceives))

/** Whoever comes back after a week hears that it is unknown. */
export async function forgetSettled(db: Queryable): Promise<void> {
  await db.delete(uploads).where(lt(uploads.expiresAt, sql`now() - interval '7 days'`))
}

/** It is done: nothing of it is wanted any more but what became of it. False when it is settled already. */
export async function settleUpload(tx: Tx, id: string, sizeBytes: number): Promise<boolean> {
  if (!(await changeUpload(tx, id, { status: 'done', sizeBytes }))) return false
  await tx.delete(uploadCaptions).where(eq(uploadCaptions.uploadId, id))
  return true
}

export async function keepCaptions(tx: Tx, uploadId: string, body: string): Promise<void> {
  await tx.insert(uploadCaptions).values({ uploadId, body })
}

/** What was sent before the film. */
export async function captionsOf(db: Queryable, uploadId: string): Promise<Beside> {
  const [row] = await db
    .select({ body: uploadCaptions.body })
    .from(uploadCaptions)
    .where(eq(uploadCaptions.uploadId, uploadId))
  return { title: null, captions: row ? Buffer.from(row.body) : null }
}
