import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRushes, type Rushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startServerProcess } from '../support/server-process.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

test('after kill -9 the ladder is gone on with: what was done is kept, and the video was ready all the time', {
  timeout: 180_000,
}, async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-hls-kill-'))
  const database = await testDatabase(dataDirectory)
  const env = {
    ...{ PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), PORT: '0', DATA_DIR: dataDirectory },
    ...{ TRANSCRIBER: 'none', EMBEDDER: 'none', HLS_LADDER: '720,480', ...database.env },
  }
  const film = await makeFilm(join(dataDirectory, 'film.mp4'), { seconds: 40, size: '1280x720' })
  const { id } = await (async () => {
    await using first = await startServerProcess(env)
    const rushes = createRushes({ url: first.url })
    const video = await rushes.videos.upload(film)
    await rushes.videos.untilReady(video.id)
    await until('the first size is there', async () => (await rushes.videos.get(video.id)).links.hls !== null)
    assert.equal(stateOf(await rushes.videos.get(video.id)), 'running')
    await first.kill()
    return video
  })()

  await using second = await startServerProcess(env)
  const rushes = createRushes({ url: second.url })
  assert.equal((await rushes.videos.get(id)).status, 'ready')
  await until('the ladder is done', async () => stateOf(await rushes.videos.get(id)) === 'done', 120)
  assert.deepEqual(await sizesTold(rushes, id), ['hls-480p', 'hls-720p', 'hls-audio', 'hls-source'])
  await second.stop()
  await database.drop()
  await rm(dataDirectory, { recursive: true, force: true })
})

const stateOf = ({ progress }: Awaited<ReturnType<Rushes['videos']['get']>>) =>
  progress.stages.find(({ name }) => name === 'hls')?.state

async function sizesTold(rushes: Rushes, id: string): Promise<string[]> {
  const events = await rushes.videos.events(id)
  return events
    .flatMap(event =>
      event.type === 'rendition.ready' && event.payload.name.startsWith('hls-') ? [event.payload.name] : [],
    )
    .toSorted()
}
