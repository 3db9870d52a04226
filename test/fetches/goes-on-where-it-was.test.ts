import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startServerProcess } from '../support/server-process.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { openFilmSite, sendFilm } from './film-site.ts'

const env = { TRANSCRIBER: 'none', FETCH_PRIVATE_ADDRESSES: '127.0.0.1' }
let app: TestApp
let film: Buffer
before(async () => {
  app = await startTestApp({ env })
  film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 4, size: '640x360' }))
})
after(() => app[Symbol.asyncDispose]())

const checksumOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const partsOf = (dataDirectory: string) => readdir(join(dataDirectory, 'blobs', '.fetched'))
/** So many bytes of a film lie there. */
const isWritten = (dataDirectory: string, id: string, bytes: number) =>
  until('it is written', async () => {
    const found = await stat(join(dataDirectory, 'blobs', '.fetched', id)).catch(() => null)
    return found?.size === bytes
  })
const isAt = (percent: number, { videos }: TestApp['rushes'], id: string) =>
  until(`${percent} % came`, async () => {
    const { progress } = await videos.status(id)
    return (progress.stages.find(({ name }) => name === 'upload')?.percent ?? 0) >= percent
  })

test('what broke off goes on behind what is there, and its bytes are the ones that were sent', async () => {
  const half = Math.floor(film.length / 2)
  await using site = await openFilmSite((request, response) =>
    sendFilm(request, response, { film, until: request.headers.range ? film.length : half }),
  )
  const { id } = await app.rushes.videos.fetch(site.at('/film.mp4'))
  await isWritten(app.dataDirectory, id, half)
  site.cut()
  assert.equal((await app.rushes.videos.untilReady(id)).checksum, checksumOf(film))
  assert.deepEqual(
    site.asked.map(({ headers }) => [headers.range, headers['if-range']]),
    [
      [undefined, undefined],
      [`bytes=${half}-`, '"one"'],
    ],
  )
})

test('what broke off and is another one since begins again, whatever its server makes of ranges', async () => {
  const otherPath = join(app.dataDirectory, 'other.mp4')
  const other = await readFile(await makeFilm(otherPath, { seconds: 5, size: '640x360' }))
  for (const way of ['honest', 'careless', 'unmarked'] as const) {
    await using site = await openFilmSite((request, response) => {
      const isFirst = site.asked.length === 1
      // By the last: no tag that holds, and a date of just now.
      const headers = way === 'unmarked' ? { etag: 'W/"one"' } : undefined
      if (isFirst) return sendFilm(request, response, { film, until: 300_000, ...(headers && { headers }) })
      // It looks at the range alone.
      if (way === 'careless' && request.headers.range) request.headers['if-range'] = '"two"'
      sendFilm(request, response, { film: other, etag: '"two"' })
    })
    const { id } = await app.rushes.videos.fetch(site.at('/film.mp4'))
    await isWritten(app.dataDirectory, id, 300_000)
    site.cut()
    assert.equal((await app.rushes.videos.untilReady(id)).checksum, checksumOf(other), way)
    assert.equal(site.asked[1]?.headers.range !== undefined, way !== 'unmarked', way)
  }
})

test('what has another date since is another film, of a server that looks at the range alone', async () => {
  const other = Buffer.from(film)
  other.writeUInt8(other.readUInt8(250_000) ^ 1, 250_000)
  await using site = await openFilmSite((request, response) => {
    const isFirst = site.asked.length === 1
    const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
    const range = first === undefined ? {} : { 'content-range': `bytes ${first}-${film.length - 1}/${film.length}` }
    const modified = { 'last-modified': new Date(isFirst ? 0 : 86_400_000).toUTCString() }
    const start = Number(first ?? 0)
    response.writeHead(first ? 206 : 200, { 'content-length': film.length - start, ...modified, ...range })
    if (isFirst) response.write(film.subarray(0, 300_000))
    else response.end(other.subarray(start))
  })
  const { id } = await app.rushes.videos.fetch(site.at('/film.mp4'))
  await isWritten(app.dataDirectory, id, 300_000)
  site.cut()
  assert.equal((await app.rushes.videos.untilReady(id)).checksum, checksumOf(other))
})

test('a video that is deleted while its film comes ends the connection, and nothing is left; so does its job', async () => {
  await using site = await openFilmSite((_request, response) => {
    response.writeHead(200, { 'content-length': film.length, etag: '"one"' })
    response.write(film.subarray(0, film.length / 2))
  })
  const { videos, jobs } = app.rushes
  const deleted = await videos.fetch(site.at('/film.mp4'))
  await isAt(40, app.rushes, deleted.id)
  await videos.delete(deleted.id)
  await until('the connection is ended', () => site.open === 0)
  await until('nothing is left', async () => (await partsOf(app.dataDirectory)).length === 0)

  const called = await videos.fetch(site.at('/film.mp4'))
  await isAt(40, app.rushes, called.id)
  const [job] = (await jobs.list({ kind: 'fetch', videoId: called.id })).items
  await jobs.cancel(job?.id ?? '')
  await until('the connection is ended', () => site.open === 0)
  await until('nothing is left', async () => (await partsOf(app.dataDirectory)).length === 0)
  assert.deepEqual((await videos.get(called.id)).error, { code: 'job.cancelled', message: 'It was called off.' })
})

test('after kill -9 in the middle it goes on where it was', { timeout: 120_000 }, async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-fetch-'))
  const base = { PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), PORT: '0', DATA_DIR: dataDirectory }
  const half = Math.floor(film.length / 2)
  await using site = await openFilmSite((request, response) => {
    if (request.headers.range) return sendFilm(request, response, { film })
    response.writeHead(200, { 'content-length': film.length, etag: '"one"' })
    response.write(film.subarray(0, half))
  })
  await using first = await startServerProcess({ ...base, ...env })
  const before = createRushes({ url: first.url })
  const { id } = await before.videos.fetch(site.at('/film.mp4?key=hidden'))
  await isWritten(dataDirectory, id, half)
  await first.kill()

  await using second = await startServerProcess({ ...base, ...env })
  const ready = await createRushes({ url: second.url }).videos.untilReady(id)
  assert.equal(ready.checksum, checksumOf(film))
  assert.equal(site.asked.at(-1)?.headers.range, `bytes=${half}-`)
  assert.doesNotMatch([...first.lines, ...second.lines].join('\n'), /hidden/)
  assert.equal(await second.stop(), 0)
  await rm(dataDirectory, { recursive: true, force: true })
})
