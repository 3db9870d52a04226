import { randomUUID } from 'node:crypto'
import { and, eq, gt, inArray, isNotNull, isNull, lt, lte, notInArray, or, sql } from 'drizzle-orm'
import type { Queryable, Tx } from '../platform/db/index.ts'
import type { FormFields } from './multipart.ts'
import { uploadCaptions, uploads } from './schema.ts'

export type UploadRow = typeof uploads.$inferSelect
export type NewUploadRow = typeof uploads.$inferInsert

const now = sql`now()`
/** Of a receiver, from one renewal to the next. */
export const uploadLeaseMs = 15_000
const leaseEnd = sql`now() + ${uploadLeaseMs} * interval '1 millisecond'`

export const open = inArray(uploads.status, ['waiting', 'receiving'])
const leaseLapsed = or(isNull(uploads.leaseUntil), lt(uploads.leaseUntil, now))

export async function insertUpload(db: Queryable, row: NewUploadRow): Promise<void> {
  await db.insert(uploads).values(row)
}

export async function findUpload(db: Queryable, id: string): Promise<UploadRow | undefined> {
  const [row] = await db.select().from(uploads).where(eq(uploads.id, id))
  return row
}

/** What one attempt has claimed. */
export type HeldUpload = UploadRow & { holder: string }

/** One receiver at a time gets it; undefined when it is not to be had. */
export async function claimUpload(db: Queryable, id: string): Promise<HeldUpload | undefined> {
  const holder = randomUUID()
  const [row] = await db
    .update(uploads)
    .set({ status: 'receiving', holder, leaseUntil: leaseEnd })
    .where(and(eq(uploads.id, id), open, gt(uploads.expiresAt, now), leaseLapsed))
    .returning()
  return row && { ...row, holder }
}

type Claim = Pick<HeldUpload, 'id' | 'holder'>
const heldBy = ({ id, holder }: Claim) => and(eq(uploads.id, id), eq(uploads.holder, holder), open)

/** False when another one has it by now. */
export async function renewLease(db: Queryable, claim: Claim): Promise<boolean> {
  const rows = await db.update(uploads).set({ leaseUntil: leaseEnd }).where(heldBy(claim)).returning({ id: uploads.id })
  return rows.length > 0
}

/** Ends an attempt; without a holder, what nobody receives. False, and nothing changes, when another attempt has it. */
export async function changeUpload(
  db: Queryable,
  { id, holder }: Pick<UploadRow, 'id' | 'holder'>,
  change: Partial<NewUploadRow>,
): Promise<boolean> {
  const rows = await db
    .update(uploads)
    .set({ leaseUntil: null, holder: null, ...change })
    .where(holder === null ? and(eq(uploads.id, id), open, leaseLapsed) : heldBy({ id, holder }))
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
export async function forgetParts(db: Queryable, claim: Claim): Promise<void> {
  await db.update(uploads).set({ incomingParts: null }).where(heldBy(claim))
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
    .where(and(open, lte(uploads.expiresAt, now), leaseLapsed))
    .limit(100)

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

/** It is done: nothing of it is wanted any more but what became of it. False when another attempt has it. */
export async function settleUpload(tx: Tx, claim: Claim, sizeBytes: number): Promise<boolean> {
  if (!(await changeUpload(tx, claim, { status: 'done', sizeBytes }))) return false
  await tx.delete(uploadCaptions).where(eq(uploadCaptions.uploadId, claim.id))
  return true
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
