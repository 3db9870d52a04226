import { z } from 'zod'
import { VideoId } from '../../shared/index.ts'
import { defineJob } from '../platform/queue/index.ts'
import type { Videos } from '../videos/index.ts'
import { type TranscribeDependencies, transcribe } from './transcribe.ts'

/** As long as a whole night: a long film on a slow machine. */
const timeoutSeconds = 12 * 3600

export const createTranscribeJob = (videos: Videos, dependencies: TranscribeDependencies) =>
  defineJob({
    name: 'transcripts.transcribe',
    payload: z.object({ videoId: VideoId }),
    attempts: 3,
    timeoutSeconds,
    concurrency: 1,
    run: ({ videoId }, context) =>
      videos.runStage(videoId, 'transcript', context, (record, report) =>
        transcribe(dependencies, { record, report, context }),
      ),
  })
