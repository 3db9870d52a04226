import { z } from 'zod'
import { type StageKind, type StreamId, type VideoId, videoOfStream } from '../../shared/index.ts'
import { defineJob, type JobContext, type JobDefinition } from '../platform/jobs/index.ts'
import type { StageOutcome, VideoRecord, Videos } from './videos.ts'

export interface StageJob extends Pick<JobDefinition<unknown>, 'lane' | 'urgency' | 'attempts' | 'timeoutSeconds'> {
  stage: StageKind
  work: (work: StageAssignment) => Promise<StageOutcome>
  /** After its outcome is committed. */
  finished?: (videoId: VideoId) => Promise<void>
}

export interface StageAssignment {
  videoId: VideoId
  record: VideoRecord
  report(percent: number): void
  context: JobContext
}

/** A stage of the processing is the latest job of its kind for its video: asked for anew, it is run again. */
export const stageJob = (stages: Videos['stages'], { stage, work, finished, ...terms }: StageJob) =>
  defineJob({
    ...terms,
    kind: stage,
    payload: z.object({}),
    run({ subject }, context) {
      const videoId = videoOf(subject)
      return stages.run(videoId, stage, context, (record, report) => work({ videoId, record, report, context }))
    },
    ...(finished && { finished: subject => finished(videoOf(subject)) }),
    ended: (writing, subject, { reason }) => stages.failed(writing, videoOf(subject), { stage, reason }),
    discard: subject => stages.discard(videoOf(subject)),
  })

function videoOf(subject: StreamId): VideoId {
  const videoId = videoOfStream(subject)
  if (!videoId) throw new Error(`${subject} is no video: it has no stages`)
  return videoId
}
