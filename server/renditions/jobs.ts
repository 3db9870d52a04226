import { videoStream } from '../../shared/index.ts'
import { type StageOutcome, stageJob } from '../videos/index.ts'
import { derive, writeBlob } from './derive.ts'
import { makeAudio } from './make-audio.ts'
import { makePlayback } from './make-playback.ts'
import { makeThumbnail } from './make-thumbnail.ts'
import { makeWaveform } from './make-waveform.ts'
import type { RenditionOptions } from './options.ts'
import { playbackPlan } from './playback-plan.ts'

const attempts = 3

/** A copy that every browser plays from its first bytes, where the original isn't that already. */
export const playbackJob = (options: RenditionOptions) =>
  stageJob(options.videos.stages, {
    stage: 'playback',
    ...{ lane: 'media', urgency: 2, attempts, timeoutSeconds: options.timeoutSeconds },
    async work({ videoId, record, report, context }) {
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
        append(videoStream(videoId), 'rendition.ready', { name: 'playback', sizeBytes: stored?.stat.sizeBytes ?? 0 })
      })
    },
  })

/** A picture that shows something. */
export const thumbnailJob = (options: RenditionOptions) =>
  stageJob(options.videos.stages, {
    stage: 'thumbnail',
    ...{ lane: 'quick', urgency: 2, attempts, timeoutSeconds: options.timeoutSeconds },
    async work({ videoId, record, report, context }) {
      const key = `videos/${videoId}/thumbnail.jpg`
      const stored = await derive({ options, record, context, report, key }, async (source, target) =>
        (await makeThumbnail(source, target)) ? true : null,
      )
      if (!stored) return { state: 'skipped', reason: 'only sound' }
      return done(async (tx, append) => {
        await options.videos.setBlob(tx, videoId, 'thumbnail', key)
        append(videoStream(videoId), 'thumbnail.ready', { thumbnail: `/api/videos/${videoId}/thumbnail` })
      })
    },
  })

/** The sound as the recogniser wants it, and how loud it is along the film. */
export const audioJob = (options: RenditionOptions) =>
  stageJob(options.videos.stages, {
    stage: 'audio',
    ...{ lane: 'quick', urgency: 1, attempts, timeoutSeconds: options.timeoutSeconds },
    async work({ videoId, record, report, context }) {
      const silent: StageOutcome = { state: 'skipped', reason: 'no sound' }
      if (record.audioStream === null) return silent
      const key = `videos/${videoId}/audio.wav`
      const waveformKey = `videos/${videoId}/waveform.json`
      const stored = await derive({ options, record, context, report, key }, async (source, target) => {
        const durationSeconds = await makeAudio(source, target)
        // From the file just written, while it is still in memory: no second decode.
        return durationSeconds > 0 ? { durationSeconds, waveform: await makeWaveform(target, source.signal) } : null
      })
      if (!stored) return silent
      const { durationSeconds, waveform } = stored.made
      await writeBlob(options, waveformKey, JSON.stringify(waveform))
      return done(async (tx, append) => {
        await options.videos.setBlob(tx, videoId, 'audio', key)
        await options.videos.setBlob(tx, videoId, 'waveform', waveformKey)
        append(videoStream(videoId), 'audio.ready', { durationSeconds })
        append(videoStream(videoId), 'waveform.ready', { waveform: `/api/videos/${videoId}/waveform` })
      })
    },
  })

const done = (commit: NonNullable<StageOutcome['commit']>): StageOutcome => ({ state: 'done', commit })
