import { setTimeout as delay } from 'node:timers/promises'
import type { JobWithMetadata } from 'pg-boss'
import { AppError, isOutage, messageOf, reasonOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Job, JobContext } from './job.ts'

export interface Runner {
  run<Payload>(job: Job<Payload>, claimed: JobWithMetadata<unknown>): Promise<void>
  abort(matches: (payload: unknown) => boolean): void
  stop(): void
}

/** Runs claimed jobs: parses the payload, bounds the time, hands on every reason to stop. */
export function createRunner({ log, metrics }: { log: Log; metrics: Pick<Metrics, 'jobSeconds'> }): Runner {
  const running = new Map<AbortController, unknown>()
  let stopping = false

  return {
    async run(job, claimed) {
      const controller = new AbortController()
      running.set(controller, claimed.data)
      if (stopping) controller.abort(new AppError('server.stopping', 'The server is stopping.'))
      const began = performance.now()
      const jobLog = log.child({ job: job.name, ...(claimed.data as object) })
      const timeout = setTimeout(
        () => controller.abort(new AppError('media.timeout', `${job.name} took longer than ${job.timeoutSeconds} s.`)),
        job.timeoutSeconds * 1000 - 500,
      )
      let ok = false
      try {
        const signal = AbortSignal.any([controller.signal, claimed.signal])
        const finalAttempt = claimed.retryCount >= claimed.retryLimit
        await runThroughOutages(job, job.payload.parse(claimed.data), { signal, log: jobLog, finalAttempt })
        ok = true
      } catch (fault) {
        if (!controller.signal.aborted)
          jobLog.warn({ attempt: claimed.retryCount + 1, reason: messageOf(fault), err: fault }, 'job failed')
        // The queue stores it with all that hangs on it: of a service's fault that may be anything.
        throw new Error(reasonOf(fault))
      } finally {
        clearTimeout(timeout)
        running.delete(controller)
        metrics.jobSeconds.observe({ job: job.name, ok: String(ok) }, (performance.now() - began) / 1000)
      }
    },
    abort(matches) {
      for (const [controller, payload] of running) {
        if (matches(payload)) controller.abort(new AppError('video.not_found', 'The video was deleted.'))
      }
    },
    stop() {
      stopping = true
      for (const controller of running.keys())
        controller.abort(new AppError('server.stopping', 'The server is stopping.'))
    },
  }
}

const firstPauseMs = 1_000
const longestPauseMs = 8_000

/** What the job needs is away for a while: that is waited for, and counts as no attempt. */
async function runThroughOutages<Payload>(job: Job<Payload>, payload: Payload, context: JobContext): Promise<void> {
  const { signal, log } = context
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await job.run(payload, context)
    } catch (fault) {
      if (!isOutage(fault) || signal.aborted) throw fault
      log.warn({ reason: messageOf(fault) }, 'a job waits for what it needs')
      // Jobs that met the same outage don't all come back in one moment.
      await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {})
      if (signal.aborted) throw signal.reason
    }
  }
}
