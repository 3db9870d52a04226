import { hlsJob, hlsRoutes } from './hls/index.ts'
import { audioJob, playbackJob, thumbnailJob } from './jobs.ts'
import type { HlsOptions } from './options.ts'
import { pictureRoutes } from './picture-routes.ts'
import { createFilmOpener, renditionRoutes } from './routes.ts'
import { storyboardJob } from './storyboard-job.ts'

export function createRenditions(options: HlsOptions) {
  const openFilm = createFilmOpener(options)
  return {
    jobs: {
      playback: playbackJob(options),
      thumbnail: thumbnailJob(options),
      audio: audioJob(options),
      storyboard: storyboardJob(options),
      hls: hlsJob(options),
    },
    routes: { ...renditionRoutes(options, openFilm), ...pictureRoutes(options), ...hlsRoutes(options) },
    /** What a player is sent. Throws `video.not_found`, `storage.not_found`. */
    openFilm,
  }
}
