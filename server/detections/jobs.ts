import { z } from 'zod'
import { type Scene, VideoId, videoStream } from '../../shared/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import type { Ffmpeg } from '../platform/ffmpeg/index.ts'
import { defineJob } from '../platform/queue/index.ts'
import { everyFrame, readFrames } from '../renditions/index.ts'
import type { VideoRecord, Videos } from '../videos/index.ts'
import { findScenes } from './find-scenes.ts'
import { replaceScenes } from './queries.ts'
import type { ReadAlong } from './read-along.ts'
import { scenePart } from './scene-part.ts'

export interface ScenesOptions {
  ffmpeg: Ffmpeg
  blobs: BlobStore
  videos: Pick<Videos, 'get' | 'runStage'>
  readAlong: ReadAlong
  timeoutSeconds: number
}

/** Where the cuts are. Further detections that need every frame become further parts of this one decode. */
export const scenesJob = (options: ScenesOptions) =>
  defineJob({
    name: 'detections.scenes',
    payload: z.object({ videoId: VideoId }),
    attempts: 2,
    timeoutSeconds: options.timeoutSeconds,
    concurrency: 1,
    async run({ videoId }, { signal, ...context }) {
      const { videos, readAlong } = options
      await videos.runStage(videoId, 'scenes', { signal, ...context }, async (record, report) => {
        if (record.videoStream === null) return { state: 'skipped', reason: 'no picture' }
        const scenes = (await readAlong.found(videoId)) ?? (await readScenes(options, { record, signal, report }))
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
      })
      await readAlong.forget(videoId)
    },
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
