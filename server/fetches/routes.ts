import { idempotencyKeyIn } from '../intake/index.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { FetchesOptions } from './fetches.ts'
import type { BeginFetch } from './service.ts'

export const fetchRoutes = (
  { idempotencyKeys, videos }: Pick<FetchesOptions, 'idempotencyKeys' | 'videos'>,
  begin: BeginFetch,
): Pick<HttpHandlers, 'videos.fetch'> => ({
  'videos.fetch': async ({ ctx, body, caller, signal }) => ({
    video: await idempotencyKeys({
      ...{ key: idempotencyKeyIn(ctx, caller), signal },
      make: note => begin({ ...body, requestedBy: caller.id, note }),
      again: ({ videoId }) => videos.get(videoId),
    }),
  }),
})
