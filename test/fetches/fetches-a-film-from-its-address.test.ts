import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { openFilmSite, sendFilm } from './film-site.ts'

let app: TestApp
let film: Buffer
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', FETCH_PRIVATE_ADDRESSES: '127.0.0.1' } })
  film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 }))
})
after(() => app[Symbol.asyncDispose]())

const checksumOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const partsLeft = () => readdir(join(app.dataDirectory, 'blobs', '.fetched'))
const failed = (code: string) => (fault: unknown) => fault instanceof RushesError && fault.code === code

test('the video is there at once, tells its progress, and is ready; nobody is told its address', async () => {
  let isHeld = true
  await using site = await openFilmSite(({ url }, response) => {
    if (url === '/moved?key=hidden')
      return void response.writeHead(302, { location: '/films/harbour%20at%20dawn.mp4?key=hidden' }).end()
    response.writeHead(200, { 'content-length': film.length })
    let sentBytes = film.length / 2
    response.write(film.subarray(0, sentBytes))
    const sending = setInterval(() => {
      const piece = film.subarray(sentBytes, sentBytes + (isHeld ? 1 : film.length))
      sentBytes += piece.length
      response.write(piece)
      if (sentBytes === film.length) response.end()
    }, 50)
    response.on('close', () => clearInterval(sending))
  })
  const { videos, rooms, jobs } = app.rushes
  const video = await videos.fetch(site.at('/moved?key=hidden#t=3'))
  assert.deepEqual([video.source, video.status, video.title], ['url', 'uploading', 'moved'])
  const room = await rooms.join(video.id, { name: 'Ada' })
  const percents: number[] = []
  room.on('progress', ({ stage, percent }) => stage === 'upload' && percents.push(percent))
  await until('half of it came', async () => {
    const { progress } = await videos.status(video.id)
    return (progress.stages.find(({ name }) => name === 'upload')?.percent ?? 0) > 40
  })
  const [job] = (await jobs.list({ kind: 'fetch', videoId: video.id })).items
  assert.equal(job?.state, 'running')
  await until('the room is told', () => percents.some(percent => percent > 40))
  isHeld = false
  const ready = await videos.untilReady(video.id)
  assert.deepEqual(
    [ready.checksum, ready.title, ready.filename, ready.sizeBytes],
    [checksumOf(film), 'harbour at dawn', 'harbour at dawn.mp4', film.length],
  )
  const told = JSON.stringify([ready, await videos.events(video.id), await jobs.get(job?.id ?? '')])
  assert.doesNotMatch(told, /hidden|127\.0\.0\.1/)
  room.leave()
  assert.deepEqual(await partsLeft(), [])
  assert.equal(site.asked.at(-1)?.headers.cookie ?? site.asked.at(-1)?.headers.authorization, undefined)
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  assert.match(metrics, /rushes_fetches_total\{outcome="done"\} 1/)
})

test('what the sender calls it is its name; what a person calls it stays its title', async () => {
  const disposition = `attachment; filename="../../etc/passwd"; filename*=UTF-8''Caf%C3%A9.mp4`
  await using site = await openFilmSite((request, response) =>
    sendFilm(request, response, { film, headers: { 'content-disposition': disposition } }),
  )
  const { videos } = app.rushes
  const named = await videos.fetch(site.at('/download'), { title: 'Ours' })
  assert.equal(named.title, 'Ours')
  const ready = await videos.untilReady(named.id)
  assert.deepEqual([ready.title, ready.filename], ['Ours', 'Café.mp4'])
  const nameless = await videos.fetch(site.at('/'), { title: 'Theirs' })
  const { title, filename } = await videos.untilReady(nameless.id)
  assert.deepEqual([title, filename], ['Theirs', 'Café.mp4'])
})

test('what is said of a range means nothing where a whole film comes', async () => {
  const headers = { 'content-range': 'bytes 0-4/5' }
  await using site = await openFilmSite((request, response) => sendFilm(request, response, { film, headers }))
  const { id } = await app.rushes.videos.fetch(site.at('/film.mp4'))
  assert.equal((await app.rushes.videos.untilReady(id)).sizeBytes, film.length)
  assert.equal(site.asked.length, 1)
})

test('the same key gives the same video', async () => {
  await using site = await openFilmSite((request, response) => sendFilm(request, response, { film }))
  const fetchOnce = () => app.rushes.videos.fetch(site.at('/film.mp4'), { idempotencyKey: 'once' })
  const [one, other] = await Promise.all([fetchOnce(), fetchOnce()])
  assert.equal(one.id, other.id)
  await app.rushes.videos.untilReady(one.id)
  assert.equal((await fetchOnce()).id, one.id)
  assert.equal(site.asked.length, 1)
})

test('a server that is overloaded is asked again, when it says so', async () => {
  let restsUntilMs = Number.POSITIVE_INFINITY
  await using site = await openFilmSite((request, response) => {
    if (performance.now() >= restsUntilMs) return sendFilm(request, response, { film })
    restsUntilMs = performance.now() + 4000
    response.writeHead(429, { 'retry-after': '4' }).end()
  })
  const { videos, jobs } = app.rushes
  const { id } = await videos.fetch(site.at('/film.mp4'))
  await until('it waits', async () => {
    const [job] = (await jobs.list({ kind: 'fetch', videoId: id })).items
    return job?.state === 'waiting' && /answered 429/.test(job.reason ?? '')
  })
  assert.equal((await videos.get(id)).status, 'uploading')
  await videos.untilReady(id)
  assert.equal(site.asked.length, 2, 'it was asked too early')
})

test('what came to nothing is tried again when it is asked for, and then becomes what it was to be', async () => {
  let isThere = false
  await using site = await openFilmSite((request, response) =>
    isThere ? sendFilm(request, response, { film }) : void response.writeHead(404).end('nothing'),
  )
  const { videos, jobs } = app.rushes
  const { id } = await videos.fetch(site.at('/film.mp4?key=hidden'))
  await assert.rejects(videos.untilReady(id), failed('fetch.refused'))
  assert.match((await videos.get(id)).error?.message ?? '', /answered 404: look whether the address is right/)
  const [job] = (await jobs.list({ kind: 'fetch', videoId: id })).items
  assert.deepEqual([job?.state, job?.attempt, site.asked.length], ['failed', 1, 1])
  isThere = true
  await jobs.retry(job?.id ?? '')
  await until('it is fetched', async () => (await videos.get(id)).status !== 'error')
  const ready = await videos.untilReady(id)
  assert.deepEqual([ready.checksum, ready.error], [checksumOf(film), null])
})
