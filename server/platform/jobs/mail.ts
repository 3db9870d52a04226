import { sql } from 'drizzle-orm'
import { fromDrizzle, type PgBoss } from 'pg-boss'
import type { JobId } from '../../../shared/index.ts'
import type { Tx } from '../db/index.ts'
import type { AnyJob } from './job.ts'
import { lanes } from './lanes.ts'
import type { JobRow } from './queries.ts'

/** What the queue carries. */
export interface Letter {
  jobId: JobId
  kind: string
}

/** Beyond its own time: that one is what ends it. */
const graceSeconds = 120
/** The longest that pg-boss bears. */
const mostSeconds = 24 * 3600 - 1

/** Tells the queue of jobs that wait, in the transaction that makes them wait. One too many does no harm. */
export async function sendLetters(
  boss: PgBoss,
  tx: Tx,
  letters: readonly { row: Pick<JobRow, 'id' | 'kind'>; job: AnyJob; afterSeconds?: number }[],
): Promise<void> {
  const db = fromDrizzle(tx, sql)
  for (const [lane, ofLane] of Map.groupBy(letters, ({ job }) => job.lane)) {
    await boss.insert(
      lanes[lane].queue,
      ofLane.map(({ row, job, afterSeconds }) => ({
        data: { jobId: row.id, kind: row.kind } satisfies Letter,
        priority: job.urgency,
        group: { id: row.kind },
        expireInSeconds: Math.min(job.timeoutSeconds + graceSeconds, mostSeconds),
        ...(afterSeconds !== undefined && { startAfter: afterSeconds }),
      })),
      { db },
    )
  }
}
