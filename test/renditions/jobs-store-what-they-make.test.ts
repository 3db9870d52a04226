import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { createFfmpeg } from '../../server/media/index.ts'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import type { Append, Journal } from '../../server/platform/journal/index.ts'
import { renditions } from '../../server/platform/renditions/schema.ts'
import { createRenditions } from '../../server/renditions/index.ts'
import type { StageOutcome, VideoRecord, Videos } from '../../server/videos/index.ts'
import { type RoomEventType, videoStream } from '../../shared/index.ts'
import { mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { runByHand } from '../support/without-jobs.ts'
import { sourceOf } from './source-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
const opened = await openTestDatabase()
const { database, log } = opened
after(async () => {
  await ffmpeg.stop()
  await opened[Symbol.asyncDispose]()
})

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
    touch: async () => {},
  }
  const append: Append = (_video, type, payload) => noted.events.push([type, payload])
  const transact: Journal['transact'] = work => database.transaction(tx => work(tx, append))
  const journal = { transact }
  const { jobs } = createRenditions({
    ...{ ffmpeg, blobs, videos, timeoutSeconds: 60, hlsLadder: [], captions: async () => null },
    journal,
  })
  const stored = () => readdirSync(path.dirname(place)).sort()
  const kept = () =>
    database.db
      .select()
      .from(renditions)
      .where(eq(renditions.stream, videoStream(id)))
  const run = (name: keyof typeof jobs, signal = new AbortController().signal) =>
    runByHand(journal, jobs[name], { videoId: id, signal, log })
  return { id, run, noted, kept, blobs, stored }
}

test('each job stores its rendition and tells the room', { skip }, async () => {
  using work = scratch()
  const { id, run, noted, kept, blobs, stored } = await studio(work.folder, 'video/googlework_tiny.mp4')
  for (const name of ['playback', 'thumbnail', 'audio', 'storyboard'] as const) await run(name)
  const derived = ['playback.mp4', 'storyboard.jpg', 'storyboard.vtt', 'thumbnail.jpg', 'waveform.json']
  assert.deepEqual(stored(), ['audio.wav', 'original', ...derived])
  const sizeOf = async (key: string) => (await blobs.stat(key))?.sizeBytes
  const rows = await kept()
  assert.deepEqual(rows.map(({ name, key, contentType }) => [name, key, contentType]).sort(), [
    ['audio', `videos/${id}/audio.wav`, 'audio/wav'],
    ['playback', `videos/${id}/playback.mp4`, 'video/mp4'],
    ['storyboard', `videos/${id}/storyboard.vtt`, 'text/vtt'],
    ['storyboard-sheet', `videos/${id}/storyboard.jpg`, 'image/jpeg'],
    ['thumbnail', `videos/${id}/thumbnail.jpg`, 'image/jpeg'],
    ['waveform', `videos/${id}/waveform.json`, 'application/json'],
  ])
  for (const { key, sizeBytes } of rows) assert.equal(sizeBytes, await sizeOf(key))
  const size = await sizeOf(`videos/${id}/playback.mp4`)
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
  const { id, run, kept, blobs, stored } = await studio(work.folder, 'video/googlework_tiny.mp4')
  await run('audio')
  const before = await blobs.stat(`videos/${id}/audio.wav`)
  await run('audio')
  assert.equal((await blobs.stat(`videos/${id}/audio.wav`))?.sizeBytes, before?.sizeBytes)
  assert.deepEqual(stored(), ['audio.wav', 'original', 'waveform.json'])
  assert.equal((await kept()).length, 2)
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
