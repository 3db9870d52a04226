import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRushes, RushesError, type UploadProgress } from '../../client-sdk/src/index.ts'
import { answerJson, listenWith, readUpload, type SeenUpload } from './upload-server.ts'

/** A server that takes a form and answers with what it saw, as if that were the video. */
const mirror = () =>
  listenWith(async (request, response) => answerJson(response, 201, { video: await readUpload(request) }))
const seenIn = (video: unknown): SeenUpload => video as SeenUpload

async function filmOf(bytes: Uint8Array | number) {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-upload-'))
  const path = join(directory, 'film "one" ü.mp4')
  if (typeof bytes === 'number') {
    await using file = await open(path, 'w')
    await file.truncate(bytes)
  } else await writeFile(path, bytes)
  return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) }
}
const checksum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('a path, a blob and a stream arrive whole, title and captions first', async () => {
  await using server = await mirror()
  const bytes = crypto.getRandomValues(new Uint8Array(60_000))
  await using film = await filmOf(bytes)
  const rushes = createRushes({ url: `${server.url}/`, token: 'a-key' })
  const about = { title: 'Zoë’s film\r\n"x"', captions: 'WEBVTT\n\n00:01.000 --> 00:02.000\nhello' }
  const inputs = [
    film.path,
    new File([bytes], 'film "one" ü.mp4'),
    { stream: new Blob([bytes]).stream(), filename: 'film "one" ü.mp4' },
  ]
  for (const input of inputs) {
    const seen = seenIn(await rushes.videos.upload(input, about))
    assert.deepEqual(seen.order, ['title', 'captions', 'file'])
    assert.equal(seen.title, about.title)
    assert.equal(seen.captions, about.captions)
    assert.equal(seen.filename, 'film %22one%22 ü.mp4')
    assert.equal(seen.checksum, checksum(bytes))
    assert.equal(seen.authorization, 'Bearer a-key')
    assert.equal(
      seen.contentLength === undefined,
      typeof input === 'object' && 'stream' in input && !(input instanceof Blob),
    )
  }
})

test('an empty file is sent as an empty file', async () => {
  await using server = await mirror()
  await using film = await filmOf(new Uint8Array())
  assert.equal(seenIn(await createRushes({ url: server.url }).videos.upload(film.path)).sizeBytes, 0)
})

test('progress rises to the whole, and tells the speed', async () => {
  await using server = await mirror()
  await using film = await filmOf(80_000_000)
  const told: UploadProgress[] = []
  await createRushes({ url: server.url }).videos.upload(film.path, {
    resumable: false,
    onProgress: progress => told.push(progress),
  })
  const last = told.at(-1)
  assert.ok(told.length >= 2)
  assert.deepEqual(
    told.map(each => each.sentBytes),
    told.map(each => each.sentBytes).sort((a, b) => a - b),
  )
  assert.equal(last?.sentBytes, 80_000_000)
  assert.equal(last?.percent, 100)
  assert.ok((last?.bytesPerSecond ?? 0) > 1_000_000)
})

test('a large film does not pass through memory', async () => {
  const size = 400 * 1024 * 1024
  await using server = await mirror()
  await using film = await filmOf(size)
  let peak = 0
  const onProgress = () => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers)
  }
  const seen = seenIn(
    await createRushes({ url: server.url }).videos.upload(film.path, { resumable: false, onProgress }),
  )
  assert.equal(seen.sizeBytes, size)
  assert.ok(peak < 120 * 1024 * 1024, `${Math.round(peak / 1e6)} MB were held`)
})

test('an abort ends the upload with the reason, and the server sees it break off', async () => {
  const aborted = Promise.withResolvers<void>()
  await using server = await listenWith(request => {
    request.resume()
    request.once('aborted', aborted.resolve)
  })
  await using film = await filmOf(200_000_000)
  const controller = new AbortController()
  const reason = new Error('changed my mind')
  const upload = createRushes({ url: server.url }).videos.upload(film.path, {
    resumable: false,
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  })
  await assert.rejects(upload, thrown => thrown === reason)
  await aborted.promise
})

test('a refusal that comes before the film is through is thrown as what it is', async () => {
  await using server = await listenWith((request, response) => {
    request.resume()
    const error = {
      code: 'upload.too_large',
      message: 'Larger than 10 bytes.',
      requestId: 'r-1',
      details: { maxBytes: 10 },
    }
    answerJson(response, 413, { error })
  })
  await using film = await filmOf(30_000_000)
  await assert.rejects(createRushes({ url: server.url }).videos.upload(film.path), (thrown: unknown) => {
    assert.ok(thrown instanceof RushesError)
    assert.deepEqual([thrown.code, thrown.status, thrown.requestId], ['upload.too_large', 413, 'r-1'])
    assert.deepEqual(thrown.details, { maxBytes: 10 })
    return true
  })
})

test('a connection that breaks is a network failure', async () => {
  await using server = await listenWith(request => {
    request.once('data', () => request.socket.destroy())
  })
  await using film = await filmOf(30_000_000)
  await assert.rejects(createRushes({ url: server.url }).videos.upload(film.path, { resumable: false }), {
    name: 'RushesError',
    code: 'network',
  })
})

test('a stream that fails gives its own reason', async () => {
  const seen = Promise.withResolvers<void>()
  await using server = await listenWith(request => {
    request.resume()
    once(request, 'aborted').then(() => seen.resolve())
  })
  const reason = new Error('the camera was unplugged')
  const stream = (async function* () {
    yield new Uint8Array(100_000)
    throw reason
  })()
  const upload = createRushes({ url: server.url }).videos.upload({ stream, filename: 'live.ts' })
  await assert.rejects(upload, thrown => thrown === reason)
  await seen.promise
})

test('a path that leads nowhere is the file system’s own failure', async () => {
  const rushes = createRushes({ url: 'http://127.0.0.1:1' })
  await assert.rejects(rushes.videos.upload('/no/such/film.mp4'), { code: 'ENOENT' })
})
