// tier: postgres
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startServerProcess } from '../support/server-process.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

test('after kill -9 in the middle of the processing, the next start finishes it; what was stored and said is there', {
  timeout: 180_000,
}, async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-kill-'))
  const database = await testDatabase(dataDirectory)
  const env = {
    ...{ PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), PORT: '0', DATA_DIR: dataDirectory },
    ...{ TRANSCRIBER: 'pocketsphinx', ...database.env },
  }
  const film = await makeFilm(join(dataDirectory, 'film.mp4'), {
    seconds: 25,
    says: 'the first reel was shot in the morning. the second reel was shot at noon. the third reel was shot at night. the director was happy with all of them.',
  })

  await using first = await startServerProcess(env)
  const rushes = createRushes({ url: first.url })
  const video = await rushes.videos.upload(film)
  const room = await rushes.rooms.join(video.id, { name: 'Ada' })
  await room.send({ body: 'said before the fall' })
  await until(
    'the transcript is being made',
    async () => (await rushes.videos.get(video.id)).transcriptState === 'running',
  )
  await first.kill()
  room.leave()

  await using second = await startServerProcess(env)
  const again = createRushes({ url: second.url })
  const ready = await again.videos.untilReady(video.id)
  assert.equal(ready.checksum, video.checksum)
  const { segments } = await again.videos.transcript(video.id)
  assert.match(segments.map(segment => segment.text).join(' '), /shot at night/i)
  assert.deepEqual(
    segments.map(segment => segment.index),
    segments.map((_, n) => n),
  )
  const { items } = await again.videos.messages(video.id)
  assert.deepEqual(
    items.map(message => message.body),
    ['said before the fall'],
  )
  const events = await again.videos.events(video.id, 0)
  assert.deepEqual(
    events.map(event => event.seq),
    events.map((_, n) => n + 1),
  )

  assert.equal(await second.stop(), 0)
  await database.drop()
  await rm(dataDirectory, { recursive: true, force: true })
})
