// tier: postgres
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import type { RoomEvent, Video } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { until } from '../support/until.ts'

let app: TestApp
let video: Video
const captions = (text: string) => `WEBVTT\n\n00:00.000 --> 00:02.000\n${text}\n`

before(async () => {
  app = await startTestApp()
  const file = new Blob([await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 3 }))])
  const sent = await app.rushes.videos.upload(file, { captions: captions('A bear walks by.') })
  await app.rushes.videos.untilReady(sent.id)
  video = await until('its scenes are found', async () => {
    const found = await app.rushes.videos.get(sent.id)
    return found.links.scenes === null ? null : found
  })
})
after(() => app[Symbol.asyncDispose]())

const stagesOf = (events: readonly RoomEvent[]) =>
  events.flatMap(({ type, payload }) =>
    type === 'video.stage_changed' ? [`${payload.stage} ${payload.state}${payload.again ? ' again' : ''}`] : [],
  )

test('each stage of a video is a job, which says what became of it', async () => {
  const { items, nextCursor } = await app.rushes.jobs.list({ videoId: video.id })
  assert.equal(nextCursor, null)
  const byKind = Object.fromEntries(items.map(job => [job.kind, job.state]))
  assert.deepEqual(byKind, {
    playback: 'skipped',
    thumbnail: 'done',
    audio: 'done',
    storyboard: 'done',
    scenes: 'done',
    transcript: 'done',
    search: 'done',
  })
  const thumbnail = items.find(job => job.kind === 'thumbnail')
  assert.deepEqual([thumbnail?.subject, thumbnail?.percent, thumbnail?.attempt], [`video:${video.id}`, 100, 1])
  assert.equal(items.find(job => job.kind === 'playback')?.reason, 'browsers play the original')
  const one = await app.rushes.jobs.list({ limit: 1, kind: 'audio', state: 'done' })
  assert.deepEqual(
    one.items.map(job => job.kind),
    ['audio'],
  )
})

test('a stage is run again beside what is there, and what is made of it follows', async () => {
  const { rushes } = app
  const since = (await rushes.videos.events(video.id)).at(-1)?.seq ?? 0
  const job = await rushes.jobs.run(video.id, 'transcript')
  assert.deepEqual([job.kind, job.subject, job.requestedBy], ['transcript', `video:${video.id}`, 'local'])
  const steps: number[] = []
  const ended = await rushes.jobs.untilEnded(job.id, { onProgress: ({ percent }) => steps.push(percent) })
  assert.deepEqual([ended.state, ended.id], ['done', job.id])
  const events = await until('the search is made again', async () => {
    const after = await rushes.videos.events(video.id, since)
    return stagesOf(after).includes('search done again') && after
  })
  assert.deepEqual(stagesOf(events), [
    'transcript running again',
    'transcript done again',
    'search running again',
    'search done again',
  ])
  assert.equal(
    events.some(({ type }) => type === 'video.status_changed' || type === 'transcript.unavailable'),
    false,
  )
  const { status, transcriptState, progress } = await rushes.videos.get(video.id)
  assert.deepEqual([status, transcriptState, progress.percent], ['ready', 'ready', 100])
  assert.equal((await rushes.videos.search(video.id, 'bear')).hits.length, 1)
  // Only what is made of the pictures is made again with them: nothing.
  const tagOf = async () => (await fetch(rushes.videos.thumbnailUrl(video.id))).headers.get('etag')
  const tag = await tagOf()
  await rushes.jobs.untilEnded((await rushes.jobs.run(video.id, 'thumbnail')).id)
  const later = await rushes.videos.events(video.id, events.at(-1)?.seq)
  assert.deepEqual(stagesOf(later), ['thumbnail running again', 'thumbnail done again'])
  assert.notEqual(await tagOf(), tag, 'its bytes may be others')
})

test('what can not be asked for is told by its code', async () => {
  const { jobs, call, videos } = app.rushes
  const nowhere = uuidv7()
  await assert.rejects(jobs.run(nowhere, 'thumbnail'), { code: 'video.not_found' })
  const { video: awaited } = await videos.createDirectUpload({ filename: 'later.mp4' })
  await assert.rejects(jobs.run(awaited.id, 'thumbnail'), { code: 'video.not_uploaded' })
  const upload = { params: { id: video.id }, body: { kind: 'upload' as 'thumbnail' } }
  await assert.rejects(call('videos.runStage', upload), { code: 'request.invalid' })
  for (const ask of [jobs.get, jobs.cancel, jobs.retry, jobs.delete])
    await assert.rejects(ask(nowhere), { code: 'job.not_found' })
  await assert.rejects(call('jobs.get', { params: { id: 'nonsense' } }), { code: 'job.not_found' })
  await assert.rejects(jobs.list({ cursor: 'nonsense' }), { code: 'request.invalid' })
  await assert.rejects(call('jobs.list', { query: { subject: "video:' or 1=1" } }), { code: 'request.invalid' })
  const [done] = (await jobs.list({ videoId: video.id, kind: 'audio' })).items
  await assert.rejects(jobs.cancel(done?.id ?? ''), { code: 'job.ended' })
  await assert.rejects(jobs.retry(done?.id ?? ''), { code: 'job.ended' })
  await jobs.delete(done?.id ?? '')
  await assert.rejects(jobs.get(done?.id ?? ''), { code: 'job.not_found' })
  assert.equal((await videos.get(video.id)).links.waveform === null, false)
})

test('a stage that is called off leaves what it had made; with the video its jobs go', async () => {
  const { jobs, videos } = app.rushes
  const file = await makeFilm(join(app.dataDirectory, 'long.mp4'), { seconds: 240, size: '1280x720' })
  const { id } = await videos.upload(new Blob([await readFile(file)]))
  const scenes = await until('its scenes are looked for', async () => {
    const [job] = (await jobs.list({ videoId: id, kind: 'scenes' })).items
    return job?.state === 'running' && job
  })
  assert.equal((await jobs.cancel(scenes.id)).state, 'cancelled')
  await assert.rejects(jobs.untilEnded(scenes.id), { code: 'job.cancelled' })
  const stageOf = async () => (await videos.status(id)).progress.stages.find(({ name }) => name === 'scenes')?.state
  assert.equal(await stageOf(), 'failed')
  assert.equal((await jobs.retry(scenes.id)).id, scenes.id)
  await until('it runs again', async () => (await jobs.get(scenes.id)).state === 'running')
  await videos.delete(id)
  assert.deepEqual((await jobs.list({ videoId: id })).items, [])
  await assert.rejects(jobs.get(scenes.id), { code: 'job.not_found' })
})
