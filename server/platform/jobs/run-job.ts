import { setTimeout as delay } from 'node:timers/promises'
import { AppError, isOutage, messageOf, reasonOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { PlatformMetrics } from '../metrics.ts'
import type { AnyJob, JobContext, JobOutcome } from './job.ts'
import type { JobRow } from './queries.ts'
import type { Running } from './running.ts'
import { diedWithIt, type Settling } from './settle.ts'

export interface RunnerOptions {
  running: Running
  settling: Settling
  log: Log
  metrics: Pick<PlatformMetrics, 'jobSeconds'>
  /** Lets idle workers look. */
  wake(job: AnyJob): void
}

/** A job as the queue handed it over. `lost` aborts when the queue gave it to somebody else. */
export interface Delivered {
  row: JobRow
  job: AnyJob
  lost: AbortSignal
}

/** Runs what was claimed, and sees to it that it comes to an end in the row, whatever happens. */
export function createJobRunner({ running, settling, log, metrics, wake }: RunnerOptions) {
  const attempt = async ({ row, job }: Delivered, context: JobContext): Promise<JobOutcome['state'] | null> => {
    const payload = job.payload.parse(row.payload)
    return runThroughOutages(context, async () => {
      const outcome = await job.run({ id: row.id, subject: row.subject, payload }, context)
      return (await settling.end(row, job, outcome)) ? outcome.state : null
    })
  }
  /** What it leaves lying is no fault of the job, which has ended. */
  const tidyUp = async ({ row, job }: Delivered, ended: string | null, jobLog: Log): Promise<void> => {
    const tidy = ended === null ? job.discard : isWell(ended) ? job.finished : undefined
    await tidy?.(row.subject).catch(fault => jobLog.warn({ reason: messageOf(fault) }, 'what a job left lies on'))
  }

  /** What it ended with; null when it was nobody's any more. */
  const afterFault = async ({ row, job }: Delivered, fault: unknown, jobLog: Log): Promise<string | null> => {
    if (isCode(fault, 'server.stopping')) return (await settling.putBack(row, job)) ? 'stopped' : null
    if (isCode(fault, 'job.cancelled')) return null
    const reason = reasonOf(fault)
    const isLast = row.attempt >= job.attempts
    const told = { attempt: row.attempt, reason: messageOf(fault), err: fault }
    if (isLast) jobLog.error(told, 'a job failed for good')
    else jobLog.warn(told, 'a job failed, and is tried again')
    const afterSeconds = Math.max(firstPauseSeconds * 2 ** (row.attempt - 1), secondsAskedFor(fault))
    const isOurs = isLast
      ? await settling.fail(row, job, reason)
      : await settling.tryAgain(row, job, { reason, afterSeconds })
    // Nobody is told of a letter whose time has come.
    if (isOurs && !isLast) setTimeout(() => wake(job), afterSeconds * 1000 + 100).unref()
    return isOurs ? 'failed' : null
  }

  return async (delivered: Delivered): Promise<void> => {
    const { row, job, lost } = delivered
    const jobLog = log.child({ job: row.kind, jobId: row.id, subject: row.subject })
    // Its process ended at the last attempt, and the queue gave it to this one.
    if (row.attempt > job.attempts) return void (await settling.fail(row, job, diedWithIt))
    const began = performance.now()
    let ended: string | null = 'failed'
    try {
      using entry = running.begin(row, row.delivery ?? row.id, job.timeoutSeconds)
      const signal = AbortSignal.any([entry.signal, lost])
      try {
        ended = await attempt(delivered, { signal, log: jobLog, report: entry.report })
      } catch (fault) {
        ended = await afterFault(delivered, signal.aborted ? signal.reason : fault, jobLog)
      }
      await tidyUp(delivered, ended, jobLog)
    } finally {
      metrics.jobSeconds.observe({ job: row.kind, ok: String(isWell(ended)) }, (performance.now() - began) / 1000)
    }
  }
}

const isWell = (ended: string | null): boolean => ended === 'done' || ended === 'skipped'

/** What a fault says itself of how long it lasts. */
const secondsAskedFor = (fault: unknown): number => {
  const { retryAfterMs = 0 } = fault instanceof AppError ? ((fault.details ?? {}) as { retryAfterMs?: number }) : {}
  return Math.ceil(retryAfterMs / 1000)
}

/** Doubled each time. */
const firstPauseSeconds = 2

const isCode = (fault: unknown, code: AppError['code']): boolean => fault instanceof AppError && fault.code === code

const firstPauseMs = 1_000
const longestPauseMs = 8_000

/** What the job needs is away for a while: that is waited for, and counts as no attempt. */
async function runThroughOutages<T>({ signal, log }: JobContext, work: () => Promise<T>): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await work()
    } catch (fault) {
      if (!isOutage(fault) || signal.aborted) throw fault
      log.warn({ reason: messageOf(fault) }, 'a job waits for what it needs')
      // Jobs that met the same outage don't all come back at once.
      await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {})
      if (signal.aborted) throw signal.reason
    }
  }
}
