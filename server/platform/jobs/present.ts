import type { Job } from '../../../shared/index.ts'
import type { JobRow } from './queries.ts'

/** A row as the contract shows it. */
export function presentJob(row: JobRow): Job {
  const { id, kind, subject, state, percent, etaSeconds, reason, attempt, cost, requestedBy } = row
  return {
    ...{ id, kind, subject, state, percent, etaSeconds, reason, attempt, cost, requestedBy },
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}
