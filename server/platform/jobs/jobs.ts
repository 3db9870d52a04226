import { v7 as uuidv7 } from 'uuid'
import type { Job, JobId, StreamId } from '../../../shared/index.ts'
import type { Database, Tx } from '../db/index.ts'
import { createErrands, type Errands } from '../errands.ts'
import { AppError, fail } from '../errors.ts'
import type { Journal } from '../journal/index.ts'
import type { Log } from '../log.ts'
import type { PlatformMetrics } from '../metrics.ts'
import type { AnyJob, JobRequest } from './job.ts'
import { sendLetters } from './mail.ts'
import { openBoss } from './open-boss.ts'
import { presentJob } from './present.ts'
import {
  cancelUnfinished,
  countUnfinished,
  deleteJob,
  deleteJobsOf,
  findJob,
  findUnfinished,
  insertJobs,
  type JobPage,
  type JobRow,
  listJobs,
  type NewJobRow,
  reviveJob,
} from './queries.ts'
import { createJobRunner } from './run-job.ts'
import { createRunning, isAbout } from './running.ts'
import { createSettling } from './settle.ts'
import { takeUp } from './take-up.ts'
import { createWorkers, openQueues } from './workers.ts'

export interface Jobs {
  /** Asks for jobs in the caller's transaction. Who asks for what waits already is content with that one. */
  ask(tx: Tx, requests: readonly JobRequest[]): Promise<void>
  /** Lets idle workers look now instead of at their next poll. Call it after the commit. */
  wake(requests: readonly Pick<JobRequest, 'kind'>[]): void
  /** Asks for one, and answers with it: the one that waits already, if there is one. `check` runs in its transaction. */
  askFor(request: JobRequest, check?: (tx: Tx) => Promise<void>): Promise<Job>
  /** Throws `job.not_found`, as all that take an id. */
  get(id: JobId): Promise<Job>
  list(page: JobPage): Promise<{ items: Job[]; nextCursor: string | null }>
  /** Wherever it runs, it stops within two seconds. Throws `job.ended`. */
  cancel(id: JobId): Promise<Job>
  /** What failed or was called off waits again. Throws `job.ended` when it ended well. */
  retry(id: JobId, requestedBy: string | null): Promise<Job>
  /** Calls it off, and forgets it. */
  remove(id: JobId): Promise<void>
  /** In the transaction in which a subject goes: what runs for it stops, in whatever process. */
  forget(tx: Tx, subject: StreamId): Promise<void>
  /** After that commit: what runs here stops at once. */
  abandon(subject: StreamId): void
  /** Asks for those that neither wait nor run: what a crash lost between a fact and what follows. */
  resume(requests: readonly JobRequest[]): Promise<void>
  /** How many wait or run. */
  unfinished(): Promise<number>
  start(jobs: readonly AnyJob[], options: StartOptions): Promise<void>
  stop(): Promise<void>
}

export interface StartOptions {
  journal: Journal
  /** Whether this process runs jobs, or only asks for them. */
  work: boolean
  /** Queues of earlier versions: they are removed. */
  formerQueues?: readonly string[]
}

export interface JobsOptions {
  database: Database
  log: Log
  errands?: Errands
  metrics: Pick<PlatformMetrics, 'jobSeconds'>
}

const calledOff = 'It was called off.'

export function createJobs({ database, log, metrics, errands = createErrands() }: JobsOptions): Jobs {
  const boss = openBoss(database, log)
  const running = createRunning({ database })
  const workers = createWorkers({ boss, errands })
  const kinds = new Map<string, AnyJob>()
  let journal: Journal | undefined

  const kindOf = (kind: string): AnyJob => {
    const job = kinds.get(kind)
    if (!job) throw new Error(`No job of the kind ${kind} is known here`)
    return job
  }
  const transact: Journal['transact'] = work => {
    if (!journal) throw new Error('The jobs are not started')
    return journal.transact(work)
  }
  const wake: Jobs['wake'] = requests => workers.wake(requests.map(({ kind }) => kindOf(kind).lane))
  const found = async (id: JobId): Promise<JobRow> => {
    const row = await findJob(database.db, id)
    if (!row) throw notFound()
    return row
  }
  const ask = async (tx: Tx, requests: readonly JobRequest[]) => {
    const rows = requests.map(request => newRow(request, kindOf(request.kind)))
    const fresh = await insertJobs(tx, rows)
    await sendLetters(
      boss,
      tx,
      fresh.map(row => ({ row, job: kindOf(row.kind) })),
    )
  }
  const askFor: Jobs['askFor'] = async (request, check = async () => {}) => {
    const row = await transact(async tx => {
      await check(tx)
      await ask(tx, [request])
      const [first] = await findUnfinished(tx, request)
      return first
    })
    wake([request])
    return presentJob(row as JobRow)
  }
  const callOff = async (id: JobId): Promise<JobRow> => {
    const { kind, subject } = await found(id)
    const row = await transact(async (tx, append) => {
      // Of one that waits while another of its kind runs, the subject knows nothing yet.
      const others = (await findUnfinished(tx, { kind, subject })).filter(other => other.id !== id)
      const ended = others.every(({ state }) => state !== 'running') && kinds.get(kind)?.ended
      if (ended) await ended({ tx, append }, subject, { state: 'cancelled', reason: calledOff })
      const cancelled = await cancelUnfinished(tx, id, calledOff)
      if (!cancelled) throw new AppError('job.ended', 'The job has ended: there is nothing to call off.')
      // One that waited for this one was passed over by the queue: it is told again.
      const [next] = others.filter(({ state }) => state === 'waiting')
      const job = kinds.get(kind)
      if (next && job) await sendLetters(boss, tx, [{ row: next, job }])
      return cancelled
    })
    running.callOff(job => job.id === id)
    if (kinds.has(kind)) wake([row])
    return row
  }

  return {
    ask,
    wake,
    askFor,
    get: async id => presentJob(await found(id)),
    async list({ limit, ...page }) {
      const rows = await listJobs(database.db, { ...page, limit: limit + 1 })
      const items = rows.slice(0, limit).map(presentJob)
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
    cancel: async id => presentJob(await callOff(id)),
    async retry(id, requestedBy) {
      const before = await found(id)
      const row = await transact(async tx => {
        const [unfinished] = await findUnfinished(tx, before)
        if (unfinished) return unfinished
        const revived = await reviveJob(tx, id, requestedBy)
        if (!revived) throw new AppError('job.ended', 'The job ended well. Ask for it anew to run it again.')
        await sendLetters(boss, tx, [{ row: revived, job: kindOf(revived.kind) }])
        return revived
      })
      wake([row])
      return presentJob(row)
    },
    async remove(id) {
      const { state } = await found(id)
      if (state === 'waiting' || state === 'running') await callOff(id).catch(unlessEnded)
      await database.transaction(tx => deleteJob(tx, id))
    },
    forget: async (tx, subject) => void (await deleteJobsOf(tx, subject)),
    abandon: subject => running.callOff(isAbout(subject)),
    async resume(requests) {
      for (const request of requests) {
        const [known] = await findUnfinished(database.db, request)
        if (!known) await askFor(request)
      }
    },
    unfinished: () => countUnfinished(database.db),
    async start(jobs, { journal: theirs, work, formerQueues = [] }) {
      journal = theirs
      for (const job of jobs) kinds.set(job.kind, job)
      await boss.start()
      await openQueues(boss, formerQueues)
      if (!work) return
      const settling = createSettling(boss, transact)
      await takeUp({ boss, database, settling, kinds, log })
      await workers.start({
        database,
        kindOf,
        run: createJobRunner({ running, settling, log, metrics, wake: job => wake([job]) }),
      })
    },
    async stop() {
      workers.rest()
      await running.stop()
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

const newRow = ({ kind, subject, payload = {}, requestedBy = null }: JobRequest, job: AnyJob): NewJobRow => ({
  ...{ id: uuidv7() as JobId, state: 'waiting', kind, subject, requestedBy },
  payload: job.payload.parse(payload),
})
const notFound = () => fail('job.not_found')
const unlessEnded = (fault: unknown) => {
  if (!(fault instanceof AppError && fault.code === 'job.ended')) throw fault
}
