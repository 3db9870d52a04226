import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { pipelineWithout } from '../../server/pipeline.ts'
import { VideoId, videoStream } from '../../shared/index.ts'
import { film } from '../ffmpeg/films.ts'
import { openSearchAlone } from '../search/open-search.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { cutFilm } from './cut-film.ts'

let app: TestApp
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
})
after(() => app[Symbol.asyncDispose]())

/** Uploads it, and waits until its scenes are settled. */
async function settled(path: string) {
  const { videos } = app.rushes
  const { id } = await videos.upload(path)
  const { state } = await until('its scenes are settled', async () => {
    const stage = (await videos.status(id)).progress.stages.find(({ name }) => name === 'scenes')
    return stage?.state === 'done' || stage?.state === 'skipped' ? stage : null
  })
  return { id, state, found: join(app.dataDirectory, 'blobs/videos', id, 'found') }
}

/** A keyframe each second is enough for the storyboard; with one in all, it decodes everything. */
for (const [keyframes, everyFrames] of [
  ['many keyframes', 25],
  ['one keyframe', 1000],
] as const) {
  test(`a film of ${keyframes}: its scenes are in the room, and can be read`, async () => {
    const { id, found } = await settled(cutFilm(join(app.dataDirectory, 'f.mp4'), '-g', String(everyFrames)))
    const { videos } = app.rushes
    const [scenes, video, log] = await Promise.all([videos.scenes(id), videos.untilReady(id), videos.events(id)])
    assert.deepEqual(
      scenes.map(({ index, startSeconds }) => [index, Math.round(startSeconds * 1000)]),
      [
        [0, 0],
        [1, 2000],
        [2, 4200],
      ],
    )
    assert.deepEqual(
      scenes.map(({ endSeconds }) => endSeconds),
      [scenes[1]?.startSeconds, scenes[2]?.startSeconds, video.durationSeconds],
    )
    assert.equal(video.links.scenes, `/api/videos/${id}/scenes`)
    const ready = log.find(({ type }) => type === 'scenes.ready')
    assert.deepEqual(ready?.payload, { scenes: `/api/videos/${id}/scenes`, sceneCount: 3 })
    await until('what was noted on the way is gone', () => !existsSync(found))
    await videos.delete(id)
    await assert.rejects(videos.scenes(id), { code: 'video.not_found' })
  })
}

test('what is only sound has no scenes', async () => {
  const { id, state } = await settled(film(join(app.dataDirectory, 's.mp3'), '-f', 'lavfi', '-i', 'sine=d=2'))
  assert.equal(state, 'skipped')
  await assert.rejects(app.rushes.videos.scenes(id), { code: 'scenes.not_ready' })
})

test('a video is ready without its scenes; a restarted server still finds them', async () => {
  await using setting = await openSearchAlone()
  const { addVideo, videos, database } = setting
  const id = VideoId.parse(await addVideo(null))
  const done = { state: 'done' }
  const others = { upload: done, playback: done, thumbnail: done, audio: done, storyboard: done }
  const stages = { ...others, transcript: done, search: done, scenes: { state: 'running' } }
  await database.db.execute(
    sql`update videos set status = 'ready', stages = ${JSON.stringify(stages)}::text::jsonb where id = ${id}`,
  )
  assert.deepEqual([(await videos.get(id)).status, (await videos.get(id)).progress.percent], ['ready', 100])
  const open = await videos.unfinished()
  const { unfinished } = pipelineWithout(['hls'])
  assert.deepEqual(
    open.map(video => [video.id, unfinished(video.id, video.stages)]),
    [[id, [{ kind: 'scenes', subject: videoStream(id) }]]],
  )
})
