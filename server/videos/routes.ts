import { VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { VideoService } from './service.ts'

type Handled = 'videos.list' | 'videos.get' | 'videos.rename' | 'videos.delete' | 'videos.status' | 'videos.runStage'

export const videoRoutes = (videos: VideoService): Pick<HttpHandlers, Handled> => ({
  'videos.list': ({ query }) => {
    if (query.cursor !== undefined && !VideoId.safeParse(query.cursor).success) {
      throw new AppError('request.invalid', 'The cursor is not one of ours: take it from `nextCursor`.')
    }
    return videos.list(query)
  },
  'videos.get': async ({ params }) => ({ video: await videos.get(params.id) }),
  'videos.rename': async ({ params, body }) => ({ video: await videos.rename(params.id, body.title) }),
  'videos.delete': ({ params }) => videos.remove(params.id),
  'videos.runStage': async ({ params, body, caller }) => ({
    job: await videos.runStage(params.id, body.kind, caller.id),
  }),
  'videos.status': async ({ params }) => {
    const { id, status, progress, error } = await videos.get(params.id)
    return { id, status, progress, error }
  },
})
