import type { AnyJob, JobContext, Jobs } from '../../server/platform/jobs/index.ts'
import type { Journal } from '../../server/platform/journal/index.ts'
import { JobId, type VideoId, videoStream } from '../../shared/index.ts'

/** A log from which nothing follows. */
export const nothingFollows = { follow: () => [], ask: async () => {}, wake: () => {} }

/** For videos whose stages are run by hand. */
export const noJobs: Pick<Jobs, 'askFor' | 'forget' | 'abandon'> = {
  askFor: () => Promise.reject(new Error('no jobs here')),
  forget: async () => {},
  abandon: () => {},
}

/** Runs a stage's job, and commits what came out: what the jobs do, without a queue. */
export async function runByHand(
  { transact }: Pick<Journal, 'transact'>,
  job: AnyJob,
  at: { videoId: VideoId } & Pick<JobContext, 'log'> & Partial<JobContext>,
) {
  const { videoId, log, signal = new AbortController().signal, report = () => {} } = at
  const assignment = { id: JobId.parse(videoId), subject: videoStream(videoId), payload: {} }
  const outcome = await job.run(assignment, { signal, log, report })
  await transact(async (tx, append) => outcome.commit?.(tx, append))
  return outcome
}
