import { audioJob, playbackJob, thumbnailJob } from './jobs.ts'
import type { RenditionOptions } from './options.ts'
import { pictureRoutes } from './picture-routes.ts'
import { renditionRoutes } from './routes.ts'
import { storyboardJob } from './storyboard-job.ts'

export const createRenditions = (options: RenditionOptions) => ({
  jobs: {
    'renditions.playback': playbackJob(options),
    'renditions.thumbnail': thumbnailJob(options),
    'renditions.audio': audioJob(options),
    'renditions.storyboard': storyboardJob(options),
  },
  routes: { ...renditionRoutes(options), ...pictureRoutes(options) },
})
