import { z } from 'zod'
import { VideoId } from '../../shared/index.ts'
import type { BlobStat } from '../platform/blobs/index.ts'
import { defineJob, type JobContext } from '../platform/queue/index.ts'
import type { StageOutcome, VideoRecord } from '../videos/index.ts'
import { makeAudio } from './make-audio.ts'
import { makePlayback } from './make-playback.ts'
import { makeThumbnail } from './make-thumbnail.ts'
import type { RenditionOptions } from './options.ts'
import { playbackPlan } from './playback-plan.ts'
import type { Source } from './source.ts'

const payload = z.object({ videoId: VideoId })
const attempts = 3

/** A copy that every browser plays from its first bytes, where the original isn't that already. */
export const playbackJob = (options: RenditionOptions) =>
  defineJob({
    name: 'renditions.playback',
    payload,
    attempts,
    timeoutSeconds: options.timeoutSeconds,
    concurrency: 1,
    run: ({ videoId }, context) =>
      options.videos.runStage(videoId, 'playback', context, async (record, report) => {
        const plan = playbackPlan(record)
        if (plan.kind === 'as-is') return { state: 'skipped', reason: plan.reason }
        context.log.info({ videoId, kind: plan.kind, reason: plan.reason }, 'making a playback copy')
        const key = `videos/${videoId}/playback.mp4`
        const stored = await derive({ options, record, context, report, key }, async (source, target) => {
          await makePlayback(source, plan, target)
          return true
        })
        return done(async (tx, append) => {
          await options.videos.setBlob(tx, videoId, 'playback', key)
          append(videoId, 'rendition.ready', { name: 'playback', sizeBytes: stored?.stat.sizeBytes ?? 0 })
        })
      }),
  })

/** A picture that shows something. */
export const thumbnailJob = (options: RenditionOptions) =>
  defineJob({
    name: 'renditions.thumbnail',
    payload,
    attempts,
    timeoutSeconds: options.timeoutSeconds,
    concurrency: 2,
    run: ({ videoId }, context) =>
      options.videos.runStage(videoId, 'thumbnail', context, async (record, report) => {
        const key = `videos/${videoId}/thumbnail.jpg`
        const stored = await derive({ options, record, context, report, key }, async (source, target) =>
          (await makeThumbnail(source, target)) ? true : null,
        )
        if (!stored) return { state: 'skipped', reason: 'only sound' }
        return done(async (tx, append) => {
          await options.videos.setBlob(tx, videoId, 'thumbnail', key)
          append(videoId, 'thumbnail.ready', { thumbnail: `/api/videos/${videoId}/thumbnail` })
        })
      }),
  })

/** The sound as the recogniser wants it. */
export const audioJob = (options: RenditionOptions) =>
  defineJob({
    name: 'renditions.audio',
    payload,
    attempts,
    timeoutSeconds: options.timeoutSeconds,
    concurrency: 2,
    run: ({ videoId }, context) =>
      options.videos.runStage(videoId, 'audio', context, async (record, report) => {
        const silent: StageOutcome = { state: 'skipped', reason: 'no sound' }
        if (record.audioStream === null) return silent
        const key = `videos/${videoId}/audio.wav`
        const stored = await derive(
          { options, record, context, report, key },
          async (source, target) => (await makeAudio(source, target)) || null,
        )
        if (!stored) return silent
        return done(async (tx, append) => {
          await options.videos.setBlob(tx, videoId, 'audio', key)
          append(videoId, 'audio.ready', { durationSeconds: stored.made })
        })
      }),
  })

const done = (commit: NonNullable<StageOutcome['commit']>): StageOutcome => ({ state: 'done', commit })

interface Deriving {
  options: RenditionOptions
  record: VideoRecord
  context: JobContext
  report: Source['report']
  key: string
}

/** Makes one blob of a film's original, beside its place and then renamed. Nothing is kept when `make` answers null. */
async function derive<T>(
  { options, record, context, report, key }: Deriving,
  make: (source: Source, target: string) => Promise<T | null>,
) {
  const { ffmpeg, blobs, timeoutSeconds } = options
  return blobs.withFile(record.blobs.original, async (path): Promise<{ stat: BlobStat; made: T } | null> => {
    const draft = await blobs.draft(key)
    try {
      const made = await make({ ffmpeg, record, path, signal: context.signal, timeoutSeconds, report }, draft.path)
      return made === null ? null : { made, stat: await draft.commit() }
    } finally {
      await draft.discard()
    }
  })
}
