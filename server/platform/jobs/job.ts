import type { z } from 'zod'
import type { JobCost, JobId, StreamId } from '../../../shared/index.ts'
import type { Tx } from '../db/index.ts'
import type { Append, Writing } from '../journal/index.ts'
import type { Log } from '../log.ts'
import type { LaneName } from './lanes.ts'

/** What is to be done. */
export interface Assignment<Payload> {
  id: JobId
  subject: StreamId
  payload: Payload
}

/** What a running job is given beside its assignment. */
export interface JobContext {
  /** Aborted by time-out, by cancellation from any process and when the server stops. Pass it all the way down. */
  signal: AbortSignal
  log: Log
  /** How far it is, in percent; never less than before. */
  report(percent: number): void
}

/** How a job ended. `commit` runs in the transaction that says so. */
export interface JobOutcome {
  state: 'done' | 'skipped' | 'failed'
  /** Why it was skipped, or what is missing. Shown. */
  reason?: string
  cost?: JobCost
  commit?: (tx: Tx, append: Append) => Promise<void>
}

/**
 * One kind of work, whole. A job may be run twice (after a crash): `run` must be idempotent, writing its outputs beside
 * and renaming them.
 */
export interface JobDefinition<Payload> {
  kind: string
  /** What it competes with. */
  lane: LaneName
  /** Within its lane the higher ones go first. 2: a person waits for it. 0: nobody does. */
  urgency: 0 | 1 | 2
  payload: z.ZodType<Payload>
  attempts: number
  timeoutSeconds: number
  run(assignment: Assignment<Payload>, context: JobContext): Promise<JobOutcome>
  /** In the transaction that says that it ended without an outcome, in whatever process. */
  ended?(writing: Writing, subject: StreamId, end: { state: 'failed' | 'cancelled'; reason: string }): Promise<void>
  /** After its outcome is committed: what it kept for another attempt may go. */
  finished?(subject: StreamId): Promise<void>
  /** After it was called off, or its subject went: what it may have written meanwhile goes too. */
  discard?(subject: StreamId): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: a list of jobs of different payloads; each is parsed by its own schema
export type AnyJob = JobDefinition<any>

export const defineJob = <Payload>(job: JobDefinition<Payload>): JobDefinition<Payload> => job

/** A job that is wanted. `payload` is parsed by the schema of its kind; nothing, where it wants nothing. */
export interface JobRequest {
  kind: string
  subject: StreamId
  payload?: object
  /** Who wants it; null, or not given, for what follows by itself. */
  requestedBy?: string | null
}
