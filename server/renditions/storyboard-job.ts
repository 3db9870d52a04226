import { z } from 'zod'
import { VideoId, videoStream } from '../../shared/index.ts'
import { defineJob } from '../platform/queue/index.ts'
import { derive, writeBlob } from './derive.ts'
import { makeStoryboard } from './make-storyboard.ts'
import type { RenditionOptions } from './options.ts'
import { writeStoryboardVtt } from './storyboard-vtt.ts'

export const storyboardKeys = (videoId: VideoId) => ({
  vtt: `videos/${videoId}/storyboard.vtt`,
  jpg: `videos/${videoId}/storyboard.jpg`,
})

/** Small pictures along the film, for whoever hovers over its timeline. */
export const storyboardJob = (options: RenditionOptions) =>
  defineJob({
    name: 'renditions.storyboard',
    payload: z.object({ videoId: VideoId }),
    attempts: 2,
    timeoutSeconds: options.timeoutSeconds,
    concurrency: 1,
    run: ({ videoId }, context) =>
      options.videos.runStage(videoId, 'storyboard', context, async (record, report) => {
        const keys = storyboardKeys(videoId)
        const sheet = await derive({ options, record, context, report, key: keys.jpg }, (source, target) =>
          makeStoryboard(source, target, options.alongside),
        )
        if (!sheet) return { state: 'skipped', reason: 'no picture' }
        await writeBlob(options, keys.vtt, writeStoryboardVtt(sheet.made, record.video.durationSeconds))
        return {
          state: 'done',
          async commit(tx, append) {
            await options.videos.setBlob(tx, videoId, 'storyboard', keys.vtt)
            const storyboard = `/api/videos/${videoId}/storyboard.vtt`
            append(videoStream(videoId), 'storyboard.ready', { storyboard, tileCount: sheet.made.length })
          },
        }
      }),
  })
