import type { StreamId } from '../../../shared/index.ts'
import type { Database } from '../db/index.ts'
import { AppError, fail } from '../errors.ts'
import { beatJobs, type JobRow } from './queries.ts'
import { secondsLeft } from './seconds-left.ts'

/** What is called off in any process is noticed here after this long; people are promised two seconds. */
const beatMs = 1_000
interface Entry {
  row: JobRow
  delivery: string
  stopping: AbortController
  percent: number
  beganAt: number
}

export interface RunningJob extends Disposable {
  signal: AbortSignal
  report(percent: number): void
}

/**
 * What runs in this process: how far it is, and how each is told to stop. Once a second the rows are told, and tell which
 * of these jobs are nobody's any more.
 */
export function createRunning({ database }: { database: Database }) {
  const entries = new Map<string, Entry>()
  let isStopping = false
  let beating: Promise<void> | null = null

  const beat = async () => {
    const asked = [...entries.values()]
    const wanted = await beatJobs(database.db, asked.map(toBeat)).catch(() => null) // the database may be back in time
    if (wanted === null) return
    for (const { row, stopping } of asked) if (!wanted.has(row.id)) stopping.abort(cancelled())
  }
  const timer = setInterval(() => {
    if (entries.size > 0) beating ??= beat().finally(() => (beating = null))
  }, beatMs).unref()

  return {
    begin(row: JobRow, delivery: string, timeoutSeconds: number): RunningJob {
      const stopping = new AbortController()
      const entry: Entry = { row, delivery, stopping, percent: 0, beganAt: performance.now() }
      entries.set(row.id, entry)
      if (isStopping) stopping.abort(serverStopping())
      const tooLong = () =>
        stopping.abort(new AppError('media.timeout', `${row.kind} took longer than ${timeoutSeconds} s.`))
      const timeout = setTimeout(tooLong, timeoutSeconds * 1000)
      return {
        signal: stopping.signal,
        report(percent) {
          entry.percent = Math.min(100, Math.max(entry.percent, percent))
        },
        [Symbol.dispose]() {
          clearTimeout(timeout)
          entries.delete(row.id)
        },
      }
    },
    /** Tells those at once that run here. */
    callOff(matches: (row: Pick<JobRow, 'id' | 'subject'>) => boolean): void {
      for (const { row, stopping } of entries.values()) if (matches(row)) stopping.abort(cancelled())
    },
    async stop() {
      isStopping = true
      for (const { stopping } of entries.values()) stopping.abort(serverStopping())
      clearInterval(timer)
      await beating
    },
  }
}
export type Running = ReturnType<typeof createRunning>

export const isAbout = (subject: StreamId) => (row: { subject: StreamId }) => row.subject === subject

const cancelled = () => fail('job.cancelled')
const serverStopping = () => fail('server.stopping')

function toBeat({ row, delivery, percent, beganAt }: Entry) {
  const etaSeconds = secondsLeft(percent, performance.now() - beganAt)
  return { id: row.id, delivery, percent: Math.floor(percent), etaSeconds }
}
