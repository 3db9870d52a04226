import type { Job } from '../index.ts'

const quickMs = 2000
const calmMs = 15_000

/** It waits or runs: there is something to call off. */
export const isUnfinished = ({ state }: Pick<Job, 'state'>): boolean => state === 'waiting' || state === 'running'

/** How long to wait before the jobs are asked for again; `misses` times in a row nobody answered. */
export function jobsGapMs(jobs: readonly Pick<Job, 'state'>[], misses: number): number {
  if (misses > 0) return Math.min(calmMs, quickMs * 2 ** (misses - 1))
  return jobs.some(isUnfinished) ? quickMs : calmMs
}
