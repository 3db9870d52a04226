import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  type AnyJob,
  createJobs,
  defineJob,
  type JobContext,
  type JobDefinition,
} from '../../server/platform/jobs/index.ts'
import { createJournal } from '../../server/platform/journal/index.ts'
import { createRegistry, platformMetrics } from '../../server/platform/metrics.ts'
import { type StreamId, VideoId, videoStream } from '../../shared/index.ts'
import type { openTestDatabase } from '../support/open-test-database.ts'
import { nothingFollows } from '../support/without-jobs.ts'

export const newSubject = (): StreamId => videoStream(VideoId.parse(uuidv7()))

/** The jobs of one process on a database that may have others. */
export async function openJobs(
  { database, log }: Pick<Awaited<ReturnType<typeof openTestDatabase>>, 'database' | 'log'>,
  kinds: readonly AnyJob[],
  work = true,
) {
  const metrics = platformMetrics(createRegistry())
  const jobs = createJobs({ database, log, metrics })
  const journal = createJournal({ database, log, ...nothingFollows })
  await jobs.start(kinds, { journal, work })
  /** How many runs are over, with all that belongs to them, and went well. */
  const runsThatWentWell = async () => {
    const { values } = await metrics.jobSeconds.get()
    return values
      .filter(({ metricName, labels }) => metricName?.endsWith('_count') && labels.ok === 'true')
      .reduce((sum, { value }) => sum + value, 0)
  }
  return { ...jobs, journal, runsThatWentWell, [Symbol.asyncDispose]: () => jobs.stop() }
}

/** A kind of job whose every run is held until it is let go. */
export function heldJob(about: Partial<JobDefinition<object>> = {}) {
  const runs: { subject: StreamId; payload: object; context: JobContext; letGo(fault?: Error): void }[] = []
  const job = defineJob({
    ...{ kind: 'hold', lane: 'quick', urgency: 1, attempts: 1, timeoutSeconds: 60 },
    payload: z.object({}).loose(),
    async run({ subject, payload }, context) {
      const held = Promise.withResolvers<void>()
      const { signal } = context
      signal.addEventListener('abort', () => held.reject(signal.reason), { once: true })
      if (signal.aborted) held.reject(signal.reason)
      const letGo = (fault?: Error) => (fault ? held.reject(fault) : held.resolve())
      runs.push({ subject, payload, context, letGo })
      await held.promise
      return { state: 'done' }
    },
    ...about,
  })
  return { job, runs }
}
