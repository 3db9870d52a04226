import { videoStream } from '../../shared/index.ts'
import { keepRendition } from '../platform/renditions/index.ts'
import { stageJob } from '../videos/index.ts'
import { derive, writeBlob } from './derive.ts'
import { makeStoryboard } from './make-storyboard.ts'
import type { RenditionOptions } from './options.ts'
import { writeStoryboardVtt } from './storyboard-vtt.ts'

/** Small pictures along the film, for whoever hovers over its timeline. */
export const storyboardJob = (options: RenditionOptions) =>
  stageJob(options.videos.stages, {
    stage: 'storyboard',
    ...{ lane: 'quick', urgency: 0, attempts: 2, timeoutSeconds: options.timeoutSeconds },
    async work({ videoId, record, report, context }) {
      const [key, vttKey] = [`videos/${videoId}/storyboard.jpg`, `videos/${videoId}/storyboard.vtt`]
      const sheet = await derive({ options, record, context, report, key }, (source, target) =>
        makeStoryboard(source, target, options.alongside),
      )
      if (!sheet) return { state: 'skipped', reason: 'no picture' }
      const vtt = await writeBlob(options, vttKey, writeStoryboardVtt(sheet.made, record.video.durationSeconds))
      return {
        state: 'done',
        async commit(tx, append) {
          const stream = videoStream(videoId)
          await keepRendition(tx, { stream, name: 'storyboard', ...vtt, contentType: 'text/vtt' })
          await keepRendition(tx, { stream, name: 'storyboard-sheet', ...sheet.file, contentType: 'image/jpeg' })
          const storyboard = `/api/videos/${videoId}/storyboard.vtt`
          append(stream, 'storyboard.ready', { storyboard, tileCount: sheet.made.length })
        },
      }
    },
  })
