import { audioJob, playbackJob, thumbnailJob } from './jobs.ts'
import type { RenditionOptions } from './options.ts'
import { renditionRoutes } from './routes.ts'

export const createRenditions = (options: RenditionOptions) => ({
  jobs: { playback: playbackJob(options), thumbnail: thumbnailJob(options), audio: audioJob(options) },
  routes: renditionRoutes(options),
})
