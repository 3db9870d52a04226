import { sql } from 'drizzle-orm'
import { fromDrizzle, type PgBoss } from 'pg-boss'
import type { Database, Tx } from '../db/index.ts'
import { createErrands, type Errands } from '../errands.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Job, JobRequest } from './job.ts'
import { openBoss } from './open-boss.ts'
import { createRunner } from './runner.ts'

const heartbeatSeconds = 20
const retryDelaySeconds = 2
const waitingOrRunning = new Set(['created', 'retry', 'active'])

// biome-ignore lint/suspicious/noExplicitAny: a list of jobs of different payloads; each is parsed by its own schema
export type AnyJob = Job<any>

export interface Queue {
  /** Enqueues in the caller's transaction. */
  enqueue(tx: Tx, requests: readonly JobRequest[]): Promise<void>
  /** Lets idle workers look now instead of at their next poll. Call it after the commit. */
  wake(requests: readonly Pick<JobRequest, 'name'>[]): void
  /** Aborts what runs here for a payload; what waits will find its subject gone. */
  abort(matches: (payload: unknown) => boolean): void
  /** Enqueues those that nobody has or had: what a crash lost between a stage and the next. */
  resume(requests: readonly JobRequest[]): Promise<void>
  /** Jobs that wait or run, for health. */
  depth(): Promise<number>
  start(jobs: readonly AnyJob[], options: { work: boolean }): Promise<void>
  stop(): Promise<void>
}

export interface QueueOptions {
  database: Database
  log: Log
  errands?: Errands
  metrics: Pick<Metrics, 'jobSeconds'>
}

export function createQueue({ database, log, metrics, errands = createErrands() }: QueueOptions): Queue {
  const boss = openBoss(database, log)
  const runner = createRunner({ log, metrics })
  const workers = new Map<string, string[]>()
  const names: string[] = []

  const work = async (job: AnyJob) => {
    const options = { includeMetadata: true, pollingIntervalSeconds: 2, batchSize: 1 } as const
    const ids = await Promise.all(
      Array.from({ length: job.concurrency }, () =>
        boss.work(job.name, options, async ([claimed]) => {
          // Where one job was there may be another: look again at once, not at the next poll.
          if (!claimed) return
          const errand = { requestId: claimed.id, door: 'job', what: job.name }
          await errands.run(errand, () => runner.run(job, claimed)).finally(() => wake([job]))
        }),
      ),
    )
    workers.set(job.name, ids)
  }

  const wake: Queue['wake'] = requests => {
    for (const { name } of requests) for (const id of workers.get(name) ?? []) boss.notifyWorker(id)
  }

  return {
    wake,
    async enqueue(tx, requests) {
      const db = fromDrizzle(tx, sql)
      for (const [name, ofName] of Map.groupBy(requests, request => request.name)) {
        await boss.insert(
          name,
          ofName.map(({ payload }) => ({ data: payload })),
          { db },
        )
      }
    },
    abort: runner.abort,
    async resume(requests) {
      for (const { name, payload } of requests) {
        const known = await boss.findJobs(name, { data: payload })
        if (!known.some(job => waitingOrRunning.has(job.state))) await boss.send(name, payload)
      }
    },
    async depth() {
      const queues = await boss.getQueues(names)
      return queues.reduce((sum, queue) => sum + queue.queuedCount + queue.activeCount, 0)
    },
    async start(jobs, { work: withWorkers }) {
      await boss.start()
      for (const job of jobs) {
        names.push(job.name)
        await boss.createQueue(job.name, queueOptions(job))
        if (database.kind === 'embedded') await releaseOrphans(boss, job.name)
        if (withWorkers) await work(job)
      }
    },
    async stop() {
      runner.stop()
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

const queueOptions = (job: AnyJob) => ({
  retryLimit: job.attempts - 1,
  retryDelay: retryDelaySeconds,
  retryBackoff: true,
  expireInSeconds: job.timeoutSeconds,
  heartbeatSeconds,
  notify: true,
})

/** Nobody else works on the embedded database: what is active when we start was cut off with the process that ran it. */
async function releaseOrphans(boss: PgBoss, name: string): Promise<void> {
  const orphans = (await boss.findJobs(name)).filter(job => job.state === 'active').map(job => job.id)
  if (orphans.length > 0) await boss.fail(name, orphans, { message: 'the server ended while this ran' })
}
