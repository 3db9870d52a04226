import { hlsJob, hlsRoutes } from './hls/index.ts'
import { audioJob, playbackJob, thumbnailJob } from './jobs.ts'
import type { HlsOptions } from './options.ts'
import { pictureRoutes } from './picture-routes.ts'
import { renditionRoutes } from './routes.ts'
import { storyboardJob } from './storyboard-job.ts'

export const createRenditions = (options: HlsOptions) => ({
  jobs: {
    'renditions.playback': playbackJob(options),
    'renditions.thumbnail': thumbnailJob(options),
    'renditions.audio': audioJob(options),
    'renditions.storyboard': storyboardJob(options),
    'renditions.hls': hlsJob(options),
  },
  routes: { ...renditionRoutes(options), ...pictureRoutes(options), ...hlsRoutes(options) },
})
