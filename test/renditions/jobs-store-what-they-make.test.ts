import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import type { Tx } from '../../server/platform/db/index.ts'
import type { Append } from '../../server/platform/journal/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { createRenditions } from '../../server/renditions/index.ts'
import type { StageOutcome, VideoRecord, Videos } from '../../server/videos/index.ts'
import type { RoomEventType } from '../../shared/index.ts'
import { mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { runByHand } from '../support/without-jobs.ts'
import { sourceOf } from './source-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())
const log = createLog({ level: 'silent', pretty: false })

/** A store with one film in it, and a stage runner that only notes what came out. */
async function studio(folder: string, file: string) {
  const { record } = await sourceOf(ffmpeg, mediaFile(file))
  const id = record.video.id
  const original = `videos/${id}/original`
  const place = path.join(folder, 'blobs', original)
  mkdirSync(path.dirname(place), { recursive: true })
  copyFileSync(mediaFile(file), place)
  const blobs = createDiskBlobs({ directory: path.join(folder, 'blobs') })
  const noted = {
    outcomes: [] as StageOutcome[],
    blobs: {} as Record<string, string>,
    events: [] as [RoomEventType, unknown][],
  }
  const film: VideoRecord = { ...record, blobs: { ...record.blobs, original } }
  const videos: Videos = {
    get: async () => film.video,
    record: async () => film,
    stages: {
      async run(_id, _stage, _context, work) {
        const outcome = await work(film, () => {})
        noted.outcomes.push(outcome)
        return outcome
      },
      failed: async () => {},
      discard: async () => {},
    },
    async setBlob(_tx, _id, name, key) {
      noted.blobs[name] = key
    },
  }
  const journal = {
    transact: <T>(work: (tx: Tx, append: Append) => Promise<T>) =>
      work({} as Tx, (_video, type, payload) => noted.events.push([type, payload])),
  }
  const { jobs } = createRenditions({
    ...{ ffmpeg, blobs, videos, timeoutSeconds: 60, hlsLadder: [], captions: async () => null },
    journal,
  })
  const stored = () => readdirSync(path.dirname(place)).sort()
  const run = (name: keyof typeof jobs, signal = new AbortController().signal) =>
    runByHand(journal, jobs[name], { videoId: id, signal, log })
  return { id, run, noted, blobs, stored }
}

test('each job stores its rendition and tells the room', { skip }, async () => {
  using work = scratch()
  const { id, run, noted, blobs, stored } = await studio(work.folder, 'video/googlework_tiny.mp4')
  for (const name of ['playback', 'thumbnail', 'audio', 'storyboard'] as const) await run(name)
  const derived = ['playback.mp4', 'storyboard.jpg', 'storyboard.vtt', 'thumbnail.jpg', 'waveform.json']
  assert.deepEqual(stored(), ['audio.wav', 'original', ...derived])
  assert.deepEqual(noted.blobs, {
    playback: `videos/${id}/playback.mp4`,
    thumbnail: `videos/${id}/thumbnail.jpg`,
    audio: `videos/${id}/audio.wav`,
    waveform: `videos/${id}/waveform.json`,
    storyboard: `videos/${id}/storyboard.vtt`,
  })
  const size = (await blobs.stat(`videos/${id}/playback.mp4`))?.sizeBytes
  assert.deepEqual(noted.events.slice(0, 2), [
    ['rendition.ready', { name: 'playback', sizeBytes: size }],
    ['thumbnail.ready', { thumbnail: `/api/videos/${id}/thumbnail` }],
  ])
  assert.deepEqual(
    noted.events.slice(2).map(([type]) => type),
    ['audio.ready', 'waveform.ready', 'storyboard.ready'],
  )
})

test('what is not needed is skipped with a reason and stores nothing', { skip }, async () => {
  using work = scratch()
  const silent = await studio(work.folder, 'video/two_people_talking_720p_vp9.webm')
  await silent.run('playback')
  await silent.run('audio')
  assert.deepEqual(silent.noted.outcomes, [
    { state: 'skipped', reason: 'browsers play the original' },
    { state: 'skipped', reason: 'no sound' },
  ])
  assert.deepEqual(silent.stored(), ['original'])
  using other = scratch()
  const sound = await studio(other.folder, 'speech/leopard_en.wav')
  await sound.run('thumbnail')
  await sound.run('storyboard')
  assert.deepEqual(sound.noted.outcomes, [
    { state: 'skipped', reason: 'only sound' },
    { state: 'skipped', reason: 'no picture' },
  ])
  assert.deepEqual(sound.stored(), ['original'])
})

test('a job that runs twice leaves the same as one that ran once', { skip }, async () => {
  using work = scratch()
  const { id, run, blobs, stored } = await studio(work.folder, 'video/googlework_tiny.mp4')
  await run('audio')
  const before = await blobs.stat(`videos/${id}/audio.wav`)
  await run('audio')
  assert.equal((await blobs.stat(`videos/${id}/audio.wav`))?.sizeBytes, before?.sizeBytes)
  assert.deepEqual(stored(), ['audio.wav', 'original', 'waveform.json'])
})

test('an aborted job leaves no half rendition', { skip }, async () => {
  using work = scratch()
  const { run, stored } = await studio(work.folder, 'odd/hevc_burnt_in_frame_numbers.mp4')
  const stop = new AbortController()
  const running = run('playback', stop.signal)
  stop.abort(new Error('the film was deleted'))
  await assert.rejects(running, /deleted/)
  assert.deepEqual(stored(), ['original'])
  assert.deepEqual(readdirSync(path.join(work.folder, 'blobs', '.drafts')), [])
})
