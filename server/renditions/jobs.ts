import { videoStream } from '../../shared/index.ts'
import { keepRendition } from '../platform/renditions/index.ts'
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
      if (!stored) return { state: 'skipped', reason: 'nothing was made of it' }
      const { file } = stored
      return done(async (tx, append) => {
        const stream = videoStream(videoId)
        await keepRendition(tx, { stream, name: 'playback', ...file, contentType: 'video/mp4' })
        append(stream, 'rendition.ready', { name: 'playback', sizeBytes: file.sizeBytes })
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
        const stream = videoStream(videoId)
        await keepRendition(tx, { stream, name: 'thumbnail', ...stored.file, contentType: 'image/jpeg' })
        append(stream, 'thumbnail.ready', { thumbnail: `/api/videos/${videoId}/thumbnail` })
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
      const stored = await derive({ options, record, context, report, key }, async (source, target) => {
        const durationSeconds = await makeAudio(source, target)
        // From the file just written, while it is still in memory: no second decode.
        return durationSeconds > 0 ? { durationSeconds, waveform: await makeWaveform(target, source.signal) } : null
      })
      if (!stored) return silent
      const { durationSeconds, waveform } = stored.made
      const drawn = await writeBlob(options, `videos/${videoId}/waveform.json`, JSON.stringify(waveform))
      return done(async (tx, append) => {
        const stream = videoStream(videoId)
        await keepRendition(tx, { stream, name: 'audio', ...stored.file, contentType: 'audio/wav' })
        await keepRendition(tx, { stream, name: 'waveform', ...drawn, contentType: 'application/json' })
        append(stream, 'audio.ready', { durationSeconds })
        append(stream, 'waveform.ready', { waveform: `/api/videos/${videoId}/waveform` })
      })
    },
  })

const done = (commit: NonNullable<StageOutcome['commit']>): StageOutcome => ({ state: 'done', commit })
