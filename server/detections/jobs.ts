import { type Scene, videoStream } from '../../shared/index.ts'
import { everyFrame, type Ffmpeg, readFrames } from '../media/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import { stageJob, type VideoRecord, type Videos } from '../videos/index.ts'
import { findScenes } from './find-scenes.ts'
import { replaceScenes } from './queries.ts'
import type { ReadAlong } from './read-along.ts'
import { scenePart } from './scene-part.ts'

export interface ScenesOptions {
  ffmpeg: Ffmpeg
  blobs: BlobStore
  videos: Pick<Videos, 'get' | 'stages'>
  readAlong: ReadAlong
  timeoutSeconds: number
}

/** Where the cuts are. Further detections that need every frame become further parts of this one decode. */
export const scenesJob = (options: ScenesOptions) =>
  stageJob(options.videos.stages, {
    stage: 'scenes',
    ...{ lane: 'media', urgency: 0, attempts: 2, timeoutSeconds: options.timeoutSeconds },
    async work({ videoId, record, report, context: { signal } }) {
      if (record.videoStream === null) return { state: 'skipped', reason: 'no picture' }
      const scenes = (await options.readAlong.found(videoId)) ?? (await readScenes(options, { record, signal, report }))
      return {
        state: 'done',
        async commit(tx, append) {
          await replaceScenes(tx, videoId, scenes)
          append(videoStream(videoId), 'scenes.ready', {
            scenes: `/api/videos/${videoId}/scenes`,
            sceneCount: scenes.length,
          })
        },
      }
    },
    finished: options.readAlong.forget,
  })

interface Task {
  record: VideoRecord
  signal: AbortSignal
  report(percent: number): void
}

async function readScenes(options: ScenesOptions, { record, signal, report }: Task): Promise<Scene[]> {
  const { ffmpeg, blobs, timeoutSeconds } = options
  const { durationSeconds } = record.video
  const onProgress = ({ seconds }: { seconds: number }) => {
    if (durationSeconds > 0) report(Math.min(99, (100 * seconds) / durationSeconds))
  }
  const supervision = { signal, timeoutSeconds, onProgress, pace: 'patient' } as const
  const videoStream = record.videoStream ?? 0
  const printed = await blobs.withFile(record.blobs.original, path =>
    readFrames({ ffmpeg, path, videoStream, decode: everyFrame, parts: [scenePart] }, supervision),
  )
  return findScenes(printed, record.video)
}
