/** The video record and its states; everything downstream hangs on a video's id. */
import { videoRoutes } from './routes.ts'
import { createVideoService, type VideosOptions } from './service.ts'

export { inVideoFolder, videoClaimants } from './claimants.ts'
export { type Attempt, filmLease, isBeingBrought } from './film-lease.ts'
export { type VideoMetrics, videoMetrics } from './metrics.ts'
export { createQuota, type StorageUsage, usageInWords } from './quota.ts'
export type { MediaFacts } from './schema.ts'
export type { VideoService, VideosOptions } from './service.ts'
export { type StageJob, stageJob } from './stage-job.ts'
export { isSettled } from './stages.ts'
export type { OnLength, UploadStage } from './upload-stage.ts'
export type { AwaitedVideo, NewVideo, StageOutcome, StageWork, VideoRecord, Videos } from './videos.ts'

export function createVideos(options: VideosOptions) {
  const service = createVideoService(options)
  return { ...service, routes: videoRoutes(service) }
}
