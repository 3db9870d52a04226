// tier: postgres
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { LibraryEvent, Rushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, until } from '../support/start-test-app.ts'

const directory = await mkdtemp(join(tmpdir(), 'rushes-library-'))
after(() => rm(directory, { recursive: true, force: true }))
const film = await makeFilm(join(directory, 'film.mp4'), { seconds: 2 })

const typesOf = (events: readonly LibraryEvent[]) => events.map(({ type }) => type)
const numbers = (events: readonly LibraryEvent[]) => events.map(({ seq }) => seq)
const videoOf = ({ payload }: LibraryEvent) => ('video' in payload ? payload.video.id : payload.videoId)

function hear({ library }: Rushes): LibraryEvent[] {
  const heard: LibraryEvent[] = []
  library.on('event', event => heard.push(event))
  return heard
}

test('whoever follows the library is told which videos come, can be played, are ready, are renamed and go', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const { rushes } = app
  const heard = hear(rushes)
  await rushes.library.joined()
  const { id } = await rushes.videos.upload(film)
  await rushes.videos.untilReady(id)
  await rushes.videos.rename(id, 'Another title')
  await rushes.videos.delete(id)
  await until('its end is told', () => heard.at(-1)?.type === 'video.deleted')

  const told = ['video.created', 'video.playable', 'video.ready', 'video.renamed', 'video.deleted']
  assert.deepEqual(typesOf(heard), told)
  assert.deepEqual(numbers(heard), [1, 2, 3, 4, 5])
  assert.ok(heard.every(event => videoOf(event) === id))
  assert.deepEqual(await rushes.library.events(), heard, 'over HTTP it is the same')
  assert.deepEqual(typesOf(await rushes.library.events(3)), told.slice(3))
})

test('one who comes back after the server was restarted is told what was missed, once and in order', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const heard = hear(app.rushes)
  await app.rushes.library.joined()
  const first = await app.rushes.videos.upload(film)
  await app.rushes.videos.untilReady(first.id)
  const again = await app.restart()
  // By another client: this one may still be on its way back.
  const second = await again.rushes.videos.upload(film, { title: 'The second' })
  await again.rushes.videos.untilReady(second.id)
  await until('all is told', () => heard.filter(({ type }) => type === 'video.ready').length === 2)
  assert.deepEqual(numbers(heard), [1, 2, 3, 4, 5, 6])
  await again.stop()
})

test('without a socket it is followed by server-sent events, or waited for', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const { library, videos } = app.rushes
  const waiting = library.events(0, { waitSeconds: 20 })
  const { id } = await videos.upload(film)
  assert.equal((await waiting)[0]?.type, 'video.created')
  const followed: LibraryEvent[] = []
  for await (const event of library.follow()) {
    followed.push(event)
    if (event.type === 'video.ready') break
  }
  assert.deepEqual(typesOf(followed), ['video.created', 'video.playable', 'video.ready'])
  assert.ok(followed.every(event => videoOf(event) === id))
  await assert.rejects(library.events(99, { waitSeconds: 1 }), { code: 'request.invalid' })
})

test('nobody is told any more once the last listener is off', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const { library, videos } = app.rushes
  let told = 0
  const off = library.on('video.created', () => told++)
  const stays = library.on('event', () => told++)
  await library.joined()
  off()
  off()
  await videos.upload(film)
  await until('the other one still hears', () => told > 0)
  stays()
  const before = told
  await videos.upload(film, { title: 'Unheard' })
  await library.joined()
  assert.equal(told, before)
})
