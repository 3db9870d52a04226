import { JobId, StreamName } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { Jobs } from '../platform/jobs/index.ts'

type Handled = 'jobs.list' | 'jobs.get' | 'jobs.cancel' | 'jobs.retry' | 'jobs.delete'

export const jobRoutes = (
  jobs: Pick<Jobs, 'list' | 'get' | 'cancel' | 'retry' | 'remove'>,
): Pick<HttpHandlers, Handled> => ({
  'jobs.list': ({ query: { cursor, subject, ...query } }) =>
    jobs.list({ ...query, cursor: read(JobId, cursor, badCursor), subject: read(StreamName, subject, badSubject) }),
  'jobs.get': async ({ params }) => ({ job: await jobs.get(params.id) }),
  'jobs.cancel': async ({ params }) => ({ job: await jobs.cancel(params.id) }),
  'jobs.retry': async ({ params, caller }) => ({ job: await jobs.retry(params.id, caller.id) }),
  'jobs.delete': ({ params }) => jobs.remove(params.id),
})

const badCursor = 'The cursor is not one of ours: take it from `nextCursor`.'
const badSubject = 'A subject is a stream, such as `video:` and the id of a video.'

function read<T>(
  schema: { safeParse(text: string): { success: true; data: T } | { success: false } },
  text: string | undefined,
  otherwise: string,
): T | undefined {
  if (text === undefined) return undefined
  const parsed = schema.safeParse(text)
  if (!parsed.success) throw new AppError('request.invalid', otherwise)
  return parsed.data
}
