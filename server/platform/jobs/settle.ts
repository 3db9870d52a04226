import type { PgBoss } from 'pg-boss'
import type { Tx } from '../db/index.ts'
import type { Journal } from '../journal/index.ts'
import type { AnyJob, JobOutcome } from './job.ts'
import { sendLetters } from './mail.ts'
import { endRunning, findUnfinished, type JobRow, putBackRunning } from './queries.ts'

/** How an attempt ends. Each answers false when it was not this one's any more: then nothing has been written. */
export interface Settling {
  end(row: JobRow, job: AnyJob, outcome: JobOutcome): Promise<boolean>
  fail(row: JobRow, job: AnyJob, reason: string): Promise<boolean>
  tryAgain(row: JobRow, job: AnyJob, why: { reason: string; afterSeconds: number }): Promise<boolean>
  /** It waits again as if it had not been begun. */
  putBack(row: JobRow, job: AnyJob): Promise<boolean>
}

/** Why a job failed whose process has ended at its last attempt. */
export const diedWithIt = 'The server ended while this ran.'

/** Rows of domains are locked first, then the job's, then the head of the log: as everywhere. */
export function createSettling(boss: PgBoss, transact: Journal['transact']): Settling {
  /** One that waited for this one to end was passed over by the queue: it is told again. */
  const sendNext = async (tx: Tx, row: JobRow, job: AnyJob) => {
    const [next] = (await findUnfinished(tx, row)).filter(({ state }) => state === 'waiting')
    if (next) await sendLetters(boss, tx, [{ row: next, job }])
    return next !== undefined
  }
  /** Undone as a whole when the job is not ours any more. */
  const settle = (work: Parameters<Journal['transact']>[0]): Promise<boolean> =>
    transact(async (tx, append) => {
      if (!(await work(tx, append))) throw new NotOurs()
      return true
    }).catch(fault => (fault instanceof NotOurs ? false : Promise.reject(fault)))

  const waitAgain = (
    row: JobRow,
    job: AnyJob,
    change: { reason: string | null; attempt: number; afterSeconds: number },
  ) =>
    settle(async tx => {
      const { reason, attempt, afterSeconds } = change
      if (await sendNext(tx, row, job))
        return endRunning(tx, row, { state: 'cancelled', reason: reason ?? 'It was asked for anew.' })
      if (!(await putBackRunning(tx, row, { reason, attempt }))) return false
      await sendLetters(boss, tx, [{ row, job, ...(afterSeconds > 0 && { afterSeconds }) }])
      return true
    })

  return {
    end: (row, job, outcome) =>
      settle(async (tx, append) => {
        await outcome.commit?.(tx, append)
        if (!(await endRunning(tx, row, outcome))) return false
        await sendNext(tx, row, job)
        return true
      }),
    fail: (row, job, reason) =>
      settle(async (tx, append) => {
        await job.ended?.({ tx, append }, row.subject, { state: 'failed', reason })
        if (!(await endRunning(tx, row, { state: 'failed', reason }))) return false
        await sendNext(tx, row, job)
        return true
      }),
    tryAgain: (row, job, why) => waitAgain(row, job, { ...why, attempt: row.attempt }),
    putBack: (row, job) => waitAgain(row, job, { reason: row.reason, attempt: row.attempt - 1, afterSeconds: 0 }),
  }
}

class NotOurs extends Error {}
