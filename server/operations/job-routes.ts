import { JobId, type StreamId, StreamName } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { Jobs } from '../platform/jobs/index.ts'
import { readCursor } from '../platform/read-cursor.ts'

type Handled = 'jobs.list' | 'jobs.get' | 'jobs.cancel' | 'jobs.retry' | 'jobs.delete'

export const jobRoutes = (
  jobs: Pick<Jobs, 'list' | 'get' | 'cancel' | 'retry' | 'remove'>,
): Pick<HttpHandlers, Handled> => ({
  'jobs.list': ({ query: { cursor, subject, ...query } }) =>
    jobs.list({ ...query, cursor: readCursor(JobId, cursor), subject: subjectOf(subject) }),
  'jobs.get': async ({ params }) => ({ job: await jobs.get(params.id) }),
  'jobs.cancel': async ({ params }) => ({ job: await jobs.cancel(params.id) }),
  'jobs.retry': async ({ params, caller }) => ({ job: await jobs.retry(params.id, caller.id) }),
  'jobs.delete': ({ params }) => jobs.remove(params.id),
})

function subjectOf(subject: string | undefined): StreamId | undefined {
  if (subject === undefined) return undefined
  const parsed = StreamName.safeParse(subject)
  if (!parsed.success)
    throw new AppError('request.invalid', 'A subject is a stream, such as `video:` and the id of a video.')
  return parsed.data
}
