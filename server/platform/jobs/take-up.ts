import type { PgBoss } from 'pg-boss'
import type { Database } from '../db/index.ts'
import type { Log } from '../log.ts'
import type { AnyJob } from './job.ts'
import { laneNames, lanes } from './lanes.ts'
import { type Letter, sendLetters } from './mail.ts'
import { type JobRow, listInState } from './queries.ts'
import { diedWithIt, type Settling } from './settle.ts'

export interface TakingUp {
  boss: PgBoss
  database: Database
  settling: Settling
  /** Jobs of unknown kinds were made by another version: they are left as they are. */
  kinds: ReadonlyMap<string, AnyJob>
  log: Log
}

const onItsWay: ReadonlySet<string> = new Set(['created', 'retry', 'active'])

/** At the start: what waits without the queue knowing of it, and what was cut off with its process, is taken up. */
export async function takeUp({ boss, database, settling, kinds, log }: TakingUp): Promise<void> {
  const isOrphan = async ({ delivery }: JobRow, { lane }: AnyJob): Promise<boolean> => {
    // Nobody else works on the embedded database. Elsewhere the queue hears that a process is silent.
    if (database.kind === 'embedded' || delivery === null) return true
    const letter = await boss.getJobById(lanes[lane].queue, delivery)
    return letter === null || !onItsWay.has(letter.state)
  }
  let taken = 0
  for (const row of await listInState(database.db, 'running')) {
    const job = kinds.get(row.kind)
    if (!job || !(await isOrphan(row, job))) continue
    if (row.attempt >= job.attempts) await settling.fail(row, job, diedWithIt)
    else await settling.tryAgain(row, job, { reason: diedWithIt, afterSeconds: 0 })
    taken++
  }
  taken += await sendMissingLetters({ boss, database, kinds })
  if (taken > 0) log.info({ jobs: taken }, 'jobs are taken up again')
}

async function sendMissingLetters({
  boss,
  database,
  kinds,
}: Pick<TakingUp, 'boss' | 'database' | 'kinds'>): Promise<number> {
  const waiting = await listInState(database.db, 'waiting')
  if (waiting.length === 0) return 0
  const queued = await Promise.all(laneNames.map(name => boss.findJobs<Letter>(lanes[name].queue, { queued: true })))
  const known = new Set(queued.flat().map(({ data }) => data.jobId))
  const missing = waiting.flatMap(row => {
    const job = kinds.get(row.kind)
    return job && !known.has(row.id) ? [{ row, job }] : []
  })
  if (missing.length > 0) await database.transaction(tx => sendLetters(boss, tx, missing))
  return missing.length
}
