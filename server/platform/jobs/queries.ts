import { and, desc, eq, inArray, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { JobCost, JobId, JobState, StreamId } from '../../../shared/index.ts'
import type { Queryable, Tx } from '../db/index.ts'
import { jobs } from './schema.ts'

export type JobRow = typeof jobs.$inferSelect
export type NewJobRow = typeof jobs.$inferInsert

const unfinished: JobState[] = ['waiting', 'running']
const sameWork = ({ kind, subject }: Pick<JobRow, 'kind' | 'subject'>): SQL | undefined =>
  and(eq(jobs.kind, kind), eq(jobs.subject, subject))

/** Those of them that were not waiting already. */
export const insertJobs = (tx: Tx, rows: readonly NewJobRow[]): Promise<JobRow[]> =>
  tx
    .insert(jobs)
    .values([...rows])
    .onConflictDoNothing({ target: [jobs.kind, jobs.subject], where: sql`state = 'waiting'` })
    .returning()

export async function findJob(db: Queryable, id: JobId): Promise<JobRow | undefined> {
  const [row] = await db.select().from(jobs).where(eq(jobs.id, id))
  return row
}

/** What waits or runs of a kind for a subject, what waits first. */
export async function findUnfinished(db: Queryable, work: Pick<JobRow, 'kind' | 'subject'>): Promise<JobRow[]> {
  return db
    .select()
    .from(jobs)
    .where(and(sameWork(work), inArray(jobs.state, unfinished)))
    .orderBy(desc(jobs.state))
}

export interface JobPage {
  limit: number
  cursor?: JobId | undefined
  kind?: string | undefined
  state?: JobState | undefined
  subject?: StreamId | undefined
}

/** Newest first: UUIDv7 sorts by time. */
export const listJobs = (db: Queryable, { limit, cursor, kind, state, subject }: JobPage): Promise<JobRow[]> =>
  db
    .select()
    .from(jobs)
    .where(
      and(
        cursor ? lt(jobs.id, cursor) : undefined,
        kind === undefined ? undefined : eq(jobs.kind, kind),
        state ? eq(jobs.state, state) : undefined,
        subject === undefined ? undefined : eq(jobs.subject, subject),
      ),
    )
    .orderBy(desc(jobs.id))
    .limit(limit)

export const listInState = (db: Queryable, state: JobState): Promise<JobRow[]> =>
  db.select().from(jobs).where(eq(jobs.state, state)).orderBy(jobs.id)

export async function countUnfinished(db: Queryable): Promise<number> {
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(jobs).where(inArray(jobs.state, unfinished))
  return row?.count ?? 0
}

/**
 * Gives a job to who runs it. Undefined when there is nothing to run: it has ended, somebody else has it, or another one
 * of its kind runs for its subject, whose end will bring it here again. For that end is waited here, by its row's lock.
 */
export async function claimJob(tx: Tx, id: JobId, delivery: string): Promise<JobRow | undefined> {
  const job = await findJob(tx, id)
  if (!job) return undefined
  const others = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(sameWork(job), eq(jobs.state, 'running'), ne(jobs.id, id)))
    .for('update')
  if (others.length > 0) return undefined
  const [claimed] = await tx
    .update(jobs)
    .set({
      ...{ state: 'running', delivery, percent: 0, etaSeconds: null },
      ...{ attempt: sql`${jobs.attempt} + 1`, startedAt: sql`now()` },
    })
    // One that ran by the same message was cut off with its process.
    .where(and(eq(jobs.id, id), sql`(state = 'waiting' or (state = 'running' and delivery = ${delivery}))`))
    .returning()
  return claimed
}

export interface JobEnd {
  state: JobState
  reason?: string | null
  cost?: JobCost | undefined
}

/** False when it is not this delivery's any more: it was called off, or its subject went. */
export async function endRunning(tx: Tx, { id, delivery }: JobRow, end: JobEnd): Promise<boolean> {
  const { state, reason = null, cost } = end
  const ended = await tx
    .update(jobs)
    .set({
      ...{ state, reason, etaSeconds: null, endedAt: sql`now()` },
      ...(state === 'done' && { percent: 100 }),
      ...(cost && { cost }),
    })
    .where(and(eq(jobs.id, id), eq(jobs.state, 'running'), eq(jobs.delivery, delivery ?? id)))
    .returning({ id: jobs.id })
  return ended.length > 0
}

/** It waits again. False as with `endRunning`. */
export async function putBackRunning(
  tx: Tx,
  { id, delivery }: JobRow,
  change: { reason: string | null; attempt: number },
): Promise<boolean> {
  const waiting = await tx
    .update(jobs)
    .set({ state: 'waiting', delivery: null, percent: 0, etaSeconds: null, ...change })
    .where(and(eq(jobs.id, id), eq(jobs.state, 'running'), eq(jobs.delivery, delivery ?? id)))
    .returning({ id: jobs.id })
  return waiting.length > 0
}

/** Undefined when it has ended. */
export async function cancelUnfinished(tx: Tx, id: JobId, reason: string): Promise<JobRow | undefined> {
  const [row] = await tx
    .update(jobs)
    .set({ state: 'cancelled', reason, etaSeconds: null, endedAt: sql`now()` })
    .where(and(eq(jobs.id, id), inArray(jobs.state, unfinished)))
    .returning()
  return row
}

/** Undefined unless it failed or was called off. */
export async function reviveJob(tx: Tx, id: JobId, requestedBy: string | null): Promise<JobRow | undefined> {
  const [row] = await tx
    .update(jobs)
    .set({
      ...{ state: 'waiting', delivery: null, percent: 0, attempt: 0 },
      ...{ reason: null, startedAt: null, endedAt: null, requestedBy },
    })
    .where(and(eq(jobs.id, id), inArray(jobs.state, ['failed', 'cancelled'])))
    .returning()
  return row
}

export const deleteJob = (tx: Tx, id: JobId) => tx.delete(jobs).where(eq(jobs.id, id))
export const deleteJobsOf = (tx: Tx, subject: StreamId) => tx.delete(jobs).where(eq(jobs.subject, subject))

export interface Beat {
  id: JobId
  delivery: string
  percent: number
  etaSeconds: number | null
}

/** Writes how far running jobs are, where that has changed, and answers which of them are still to be run. */
export async function beatJobs(db: Queryable, beats: readonly Beat[]): Promise<ReadonlySet<string>> {
  const rows = await db.execute<{ id: string }>(sql`
    with beats as (
      select * from jsonb_to_recordset(${JSON.stringify(beats)}::text::jsonb)
        as beat (id uuid, delivery uuid, percent integer, "etaSeconds" integer)
    ), written as (
      update jobs set percent = beats.percent, eta_seconds = beats."etaSeconds" from beats
      where jobs.id = beats.id and jobs.delivery = beats.delivery and jobs.state = 'running'
        and jobs.percent <> beats.percent
    )
    select jobs.id from jobs join beats using (id, delivery) where jobs.state = 'running'`)
  return new Set(rows.map(({ id }) => id))
}
