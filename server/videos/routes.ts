import { VideoId } from '../../shared/index.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import { readCursor } from '../platform/read-cursor.ts'
import type { VideoService } from './service.ts'

type Handled = 'videos.list' | 'videos.get' | 'videos.rename' | 'videos.delete' | 'videos.status' | 'videos.runStage'

export const videoRoutes = (videos: VideoService): Pick<HttpHandlers, Handled> => ({
  'videos.list': ({ query }) => videos.list({ ...query, cursor: readCursor(VideoId, query.cursor) }),
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
