import { audioJob, playbackJob, thumbnailJob } from './jobs.ts'
import type { RenditionOptions } from './options.ts'
import { pictureRoutes } from './picture-routes.ts'
import { createFilmOpener, renditionRoutes } from './routes.ts'
import { storyboardJob } from './storyboard-job.ts'

export function createRenditions(options: RenditionOptions) {
  const openFilm = createFilmOpener(options)
  return {
    jobs: {
      'renditions.playback': playbackJob(options),
      'renditions.thumbnail': thumbnailJob(options),
      'renditions.audio': audioJob(options),
      'renditions.storyboard': storyboardJob(options),
    },
    routes: { ...renditionRoutes(openFilm), ...pictureRoutes(options) },
    /** What a player is sent. Throws `video.not_found`, `storage.not_found`. */
    openFilm,
  }
}
