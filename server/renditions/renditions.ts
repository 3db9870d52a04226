import { audioJob, playbackJob, thumbnailJob } from './jobs.ts'
import type { RenditionOptions } from './options.ts'
import { renditionRoutes } from './routes.ts'

export const createRenditions = (options: RenditionOptions) => ({
  jobs: {
    'renditions.playback': playbackJob(options),
    'renditions.thumbnail': thumbnailJob(options),
    'renditions.audio': audioJob(options),
  },
  routes: renditionRoutes(options),
})
