// tier: postgres
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startServerProcess } from '../support/server-process.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? false : 'two processes want a PostgreSQL server'

test('what one process calls off, or deletes, stops in the process that does the work', { skip }, async t => {
  await using started = new AsyncDisposableStack()
  const folder = started.adopt(await mkdtemp(join(tmpdir(), 'rushes-test-')), path => rm(path, { recursive: true }))
  const database = started.adopt(await testDatabase(folder), it => it.drop())
  const env = {
    ...{ PATH: process.env.PATH ?? '', DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'info', TRANSCRIBER: 'none' },
    ...database.env,
  }
  const worker = started.use(await startServerProcess({ ...env, ROLE: 'worker' }))
  const api = started.use(await startServerProcess({ ...env, ROLE: 'api' }))
  const rushes = createRushes({ url: api.url })
  const file = new Blob([await readFile(await makeFilm(join(folder, 'f.mp4'), { seconds: 300, size: '1280x720' }))])
  const { id } = await rushes.videos.upload(file)
  /** The tools that work on its film, among those whose orders have this in them. */
  const tools = (order: string) => {
    const { stdout } = spawnSync('pgrep', ['-f', `^ffmpeg.*${folder}.*${order}`], { encoding: 'utf8' })
    return stdout.split('\n').filter(line => line !== '')
  }
  const jobOf = async (kind: string) => (await rushes.jobs.list({ videoId: id, kind })).items[0]
  await until('the sizes are made', () => tools('libx264').length > 0, 120)
  const ladder = await jobOf('hls')
  assert.equal(ladder?.state, 'running')
  await rushes.jobs.cancel(ladder.id)
  const calledOff = performance.now()
  await until('its tool has ended', () => tools('libx264').length === 0)
  t.diagnostic(`${((performance.now() - calledOff) / 1000).toFixed(1)} s after it was called off`)
  assert.equal((await jobOf('hls'))?.state, 'cancelled')

  await rushes.jobs.retry(ladder.id)
  await until('the sizes are made again', () => tools('libx264').length > 0, 120)
  await rushes.videos.delete(id)
  const deleted = performance.now()
  await until('all its tools have ended', () => tools('').length === 0)
  t.diagnostic(`${((performance.now() - deleted) / 1000).toFixed(1)} s after it was deleted`)
  await until('nothing of it is left', () => !existsSync(join(folder, 'blobs', 'videos', id)))
  assert.deepEqual(worker.errors, [])
})
