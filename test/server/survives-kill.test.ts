import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const script = new URL('../../server/main.ts', import.meta.url).pathname

async function startServer(env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string }
    child.stdout.resume()
    if (url) return { child, url }
  }
  throw new Error('the server ended before it listened')
}

test('after kill -9 in the middle of the processing, the next start finishes it; what was stored and said is there', {
  timeout: 180_000,
}, async t => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-kill-'))
  const database = await testDatabase(dataDirectory)
  const env = { DATA_DIR: dataDirectory, LOG_LEVEL: 'info', TRANSCRIBER: 'pocketsphinx', ...database.env }
  const film = await makeFilm(join(dataDirectory, 'film.mp4'), {
    seconds: 25,
    says: 'the first reel was shot in the morning. the second reel was shot at noon. the third reel was shot at night. the director was happy with all of them.',
  })

  const first = await startServer(env)
  t.after(() => first.child.kill('SIGKILL'))
  const rushes = createRushes({ url: first.url })
  const video = await rushes.videos.upload(film)
  const room = await rushes.rooms.join(video.id, { name: 'Ada' })
  await room.send({ body: 'said before the fall' })
  await until(
    'the transcript is being made',
    async () => (await rushes.videos.get(video.id)).transcriptState === 'running',
  )
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  room.leave()

  const second = await startServer(env)
  t.after(() => second.child.kill('SIGKILL'))
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

  second.child.kill('SIGTERM')
  const [code] = await once(second.child, 'exit')
  assert.equal(code, 0)
  await database.drop()
  await rm(dataDirectory, { recursive: true, force: true })
})
