import { z } from 'zod'
import { JobId, Timestamp } from './ids.ts'
import { StageName } from './videos.ts'

/** `waiting` and `running` come first, the others are ends. `skipped`: there was nothing to do, and `reason` says why. */
export const JobState = z.enum(['waiting', 'running', 'done', 'skipped', 'failed', 'cancelled'])
export type JobState = z.infer<typeof JobState>

/** What a job has cost so far at services that are paid for. */
export const JobCost = z.object({ usd: z.number().min(0) })
export type JobCost = z.infer<typeof JobCost>

/** A piece of work with progress and an end. At most one of a kind waits for a subject, and at most one runs. */
export const Job = z.object({
  id: JobId,
  /** What is done: for a video, the name of the stage. */
  kind: z.string(),
  /** The stream that it is about, such as `video:<id>`. */
  subject: z.string(),
  state: JobState,
  percent: z.number().min(0).max(100),
  /** Until it is done, at the pace so far; null while nobody can say. */
  etaSeconds: z.number().int().min(0).nullable(),
  /** Why it was skipped, failed or was called off, or why its last attempt failed. */
  reason: z.string().nullable(),
  /** Which one it is, from 1; 0 before the first. */
  attempt: z.number().int().min(0),
  /** Null where nothing is paid for. */
  cost: JobCost.nullable(),
  /** The `id` of the caller who asked for it (of a key, its id); null for what follows by itself. */
  requestedBy: z.string().nullable(),
  createdAt: Timestamp,
  /** Of the last attempt. */
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
})
export type Job = z.infer<typeof Job>

/** The stages that are jobs, and can be run again: all but the upload. */
export const StageKind = StageName.exclude(['upload'])
export type StageKind = z.infer<typeof StageKind>

export const RunStage = z.object({ kind: StageKind })
