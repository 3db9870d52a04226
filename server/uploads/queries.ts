import { and, eq, gt, inArray, isNotNull, isNull, lt, lte, notInArray, or, sql } from 'drizzle-orm'
import type { Queryable, Tx } from '../platform/db/index.ts'
import type { FormFields } from './multipart.ts'
import { uploadCaptions, uploads } from './schema.ts'

export type UploadRow = typeof uploads.$inferSelect
export type NewUploadRow = typeof uploads.$inferInsert

const now = sql`now()`
const leaseEnd = sql`now() + interval '15 seconds'`
/** Renewed well before it lapses. */
export const leaseRenewalMs = 5_000

const open = inArray(uploads.status, ['waiting', 'receiving'])
const leaseLapsed = or(isNull(uploads.leaseUntil), lt(uploads.leaseUntil, now))

export async function insertUpload(db: Queryable, row: NewUploadRow): Promise<void> {
  await db.insert(uploads).values(row)
}

export async function findUpload(db: Queryable, id: string): Promise<UploadRow | undefined> {
  const [row] = await db.select().from(uploads).where(eq(uploads.id, id))
  return row
}

/** One receiver at a time gets it; undefined when it is not to be had. */
export async function claimUpload(db: Queryable, id: string): Promise<UploadRow | undefined> {
  const [row] = await db
    .update(uploads)
    .set({ status: 'receiving', leaseUntil: leaseEnd })
    .where(and(eq(uploads.id, id), open, gt(uploads.expiresAt, now), leaseLapsed))
    .returning()
  return row
}

export async function renewLease(db: Queryable, id: string): Promise<void> {
  await db
    .update(uploads)
    .set({ leaseUntil: leaseEnd })
    .where(and(eq(uploads.id, id), eq(uploads.status, 'receiving')))
}

export async function changeUpload(db: Queryable, id: string, change: Partial<NewUploadRow>): Promise<void> {
  await db
    .update(uploads)
    .set({ leaseUntil: null, ...change })
    .where(eq(uploads.id, id))
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
export async function forgetParts(db: Queryable, id: string): Promise<void> {
  await db.update(uploads).set({ incomingParts: null }).where(eq(uploads.id, id))
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

/** Marks one more as expired; undefined when there is none. */
export async function expireOne(tx: Tx): Promise<UploadRow | undefined> {
  const next = tx
    .select({ id: uploads.id })
    .from(uploads)
    .where(and(open, lte(uploads.expiresAt, now), leaseLapsed))
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await tx
    .update(uploads)
    .set({ status: 'expired', leaseUntil: null })
    .where(inArray(uploads.id, next))
    .returning()
  return row
}

/** Those whose receiver has died. */
export const listAbandoned = (db: Queryable): Promise<UploadRow[]> =>
  db
    .select()
    .from(uploads)
    .where(and(eq(uploads.status, 'receiving'), leaseLapsed))

/** Nobody else works on an embedded database: what is leased at its start was left by a process that has ended. */
export async function endLeases(db: Queryable): Promise<void> {
  await db.update(uploads).set({ leaseUntil: null })
}

/** Whoever comes back after a week hears that it is unknown. */
export async function forgetSettled(db: Queryable): Promise<void> {
  await db.delete(uploads).where(lt(uploads.expiresAt, sql`now() - interval '7 days'`))
}

/** It is done: nothing of it is wanted any more but what became of it. */
export async function settleUpload(tx: Tx, id: string, sizeBytes: number): Promise<void> {
  await changeUpload(tx, id, { status: 'done', sizeBytes })
  await tx.delete(uploadCaptions).where(eq(uploadCaptions.uploadId, id))
}

export async function keepCaptions(tx: Tx, uploadId: string, body: string): Promise<void> {
  await tx.insert(uploadCaptions).values({ uploadId, body })
}

/** What was sent before the film. */
export async function captionsOf(db: Queryable, uploadId: string): Promise<FormFields> {
  const [row] = await db
    .select({ body: uploadCaptions.body })
    .from(uploadCaptions)
    .where(eq(uploadCaptions.uploadId, uploadId))
  return { title: null, captions: row ? Buffer.from(row.body) : null }
}
