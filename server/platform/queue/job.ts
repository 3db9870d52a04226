import type { z } from 'zod'
import type { Log } from '../log.ts'

/** What a running job is given beside its payload. */
export interface JobContext {
  /** Aborted by time-out, by cancellation and when the server stops. Pass it all the way down. */
  signal: AbortSignal
  log: Log
  /** True when no retry will follow: the last chance to record why it failed. */
  finalAttempt: boolean
}

/**
 * One kind of work, whole. A job may be delivered twice (after a crash): `run` must be idempotent, writing its outputs
 * beside and renaming them.
 */
export interface Job<Payload> {
  name: string
  payload: z.ZodType<Payload>
  attempts: number
  timeoutSeconds: number
  /** How many of this kind run side by side in one process. */
  concurrency: number
  run(payload: Payload, context: JobContext): Promise<void>
}

export const defineJob = <Payload>(job: Job<Payload>): Job<Payload> => job

/** A job to be run later, as the pipeline asks for it. */
export interface JobRequest {
  name: string
  payload: object
}
