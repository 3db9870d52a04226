import type { Database } from '../platform/db/index.ts'
import { fail } from '../platform/errors.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { Videos } from '../videos/index.ts'
import { listScenes } from './queries.ts'

interface DetectionRoutesOptions {
  database: Pick<Database, 'db'>
  videos: Pick<Videos, 'get'>
}

export const detectionRoutes = ({ database, videos }: DetectionRoutesOptions): Pick<HttpHandlers, 'videos.scenes'> => ({
  'videos.scenes': async ({ params, ctx }) => {
    const { links } = await videos.get(params.id)
    if (links.scenes === null) throw fail('scenes.not_ready')
    ctx.set('cache-control', 'private, max-age=3600')
    return { scenes: await listScenes(database.db, params.id) }
  },
})
