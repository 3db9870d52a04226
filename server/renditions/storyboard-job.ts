import { type VideoId, videoStream } from '../../shared/index.ts'
import { stageJob } from '../videos/index.ts'
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
  stageJob(options.videos.stages, {
    stage: 'storyboard',
    ...{ lane: 'quick', urgency: 0, attempts: 2, timeoutSeconds: options.timeoutSeconds },
    async work({ videoId, record, report, context }) {
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
    },
  })
