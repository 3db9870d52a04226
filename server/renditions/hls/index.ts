/** The ladder for adaptive players (HLS, RFC 8216): the film in several sizes, each one file of byte ranges. */
export { hlsJob } from './hls-job.ts'
export { hlsRoutes } from './hls-routes.ts'
