import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Video } from '../../client-sdk/src/index.ts'
import { checkObjectStore } from '../../scripts/doctor/object-store.ts'
import { ConfigError, parseConfig } from '../../server/config.ts'
import { makeFilm } from '../support/make-film.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let s3: S3Server
let app: TestApp
let film: string
let video: Video

before(async () => {
  s3 = await startS3Server()
  app = await startTestApp({ env: { ...s3.env, STORAGE: 's3', TRANSCRIBER: 'subtitles' } })
  film = await makeFilm(join(app.dataDirectory, 'harbour.mp4'), { seconds: 6, fastStart: false })
  const captions = new File(['WEBVTT\n\n00:00.500 --> 00:02.000\nThe keeper walks home.\n'], 'captions.vtt')
  video = await app.rushes.videos.untilReady((await app.rushes.videos.upload(film, { captions })).id)
})
after(async () => {
  await app[Symbol.asyncDispose]()
  await s3[Symbol.asyncDispose]()
})

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}/api/videos/${video.id}/${path}`, { headers })
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code

test('all that was stored and made lies in the bucket, and nothing on the disk', async () => {
  const names = (await s3.objects()).map(name => name.replace(`videos/${video.id}/`, ''))
  for (const name of ['original', 'captions', 'playback', 'thumbnail.jpg'])
    assert.ok(
      names.some(each => each.startsWith(name.split('.')[0] ?? name)),
      `${name} of ${names.join(', ')}`,
    )
  const onDisk = await readdir(join(app.dataDirectory, 'blobs'))
  assert.deepEqual(
    onDisk.filter(name => !name.startsWith('.')),
    [],
  )
})

test('the film streams in ranges, byte by byte what was sent', async () => {
  const bytes = await readFile(film)
  const whole = await get('stream?rendition=original')
  assert.equal(sha(new Uint8Array(await whole.arrayBuffer())), sha(bytes))
  const part = await get('stream?rendition=original', { range: 'bytes=1000-1999' })
  assert.equal(part.status, 206)
  assert.equal(sha(new Uint8Array(await part.arrayBuffer())), sha(bytes.subarray(1000, 2000)))
  const first = await get('stream?rendition=original', { range: 'bytes=0-0' })
  assert.deepEqual(new Uint8Array(await first.arrayBuffer()), new Uint8Array(bytes.subarray(0, 1)))
  const several = await get('stream?rendition=original', { range: 'bytes=0-9,-10' })
  assert.match(several.headers.get('content-type') ?? '', /^multipart\/byteranges/)
  const text = Buffer.from(await several.arrayBuffer())
  assert.ok(text.includes(bytes.subarray(0, 10)) && text.includes(bytes.subarray(-10)))
  assert.equal((await get('stream', { range: `bytes=${bytes.length * 2}-` })).status, 416)
})

test('pictures and the transcript come from there too, and a new server makes more of them', async () => {
  assert.equal((await get('thumbnail')).headers.get('content-type'), 'image/jpeg')
  assert.match(await (await get('storyboard.vtt')).text(), /^WEBVTT/)
  assert.match(await (await get('transcript.txt')).text(), /keeper walks home/)
  assert.equal((await get('thumbnail?t=1.5&width=320')).status, 200)
  // Its local copies are gone, so the film is fetched.
  app = await app.restart()
  assert.equal((await get('thumbnail?t=3.5&width=320')).status, 200)
})

test('health and metrics know of it', async () => {
  const health = await app.rushes.health()
  assert.match(health.parts.storage?.detail ?? '', /^s3, bucket rushes/)
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  assert.match(metrics, /rushes_storage_request_seconds_count\{operation="GetObject",ok="true"\} [1-9]/)
  assert.match(metrics, /rushes_storage_local_copies_total\{hit="false"\} [1-9]/)
})

test('while the object store is away callers are told, and afterwards nothing is lost', {
  timeout: 100_000,
}, async () => {
  const before = await s3.objects()
  await s3.kill()
  const answer = await get('stream')
  assert.equal(answer.status, 503)
  assert.equal(await codeOf(answer), 'storage.unavailable')
  await assert.rejects(app.rushes.videos.upload(film), { code: 'storage.unavailable' })
  await assert.rejects(app.rushes.videos.delete(video.id), { code: 'storage.unavailable' })
  await until('it is not ready', async () => (await fetch(`${app.url}/health/ready`)).status === 503, 15)
  assert.equal((await app.rushes.videos.list()).items.length, 1)
  await s3.start()
  await until('it is ready again', async () => (await fetch(`${app.url}/health/ready`)).ok)
  assert.deepEqual(await s3.objects(), before)
  assert.equal((await get('stream')).status, 200)
  assert.deepEqual(await halfCopies(), [])
})

/** Downloads that were begun and not finished. */
async function halfCopies(): Promise<string[]> {
  const files = await readdir(join(app.dataDirectory, 'cache'), { recursive: true })
  return files.filter(name => name.endsWith('.part'))
}

test('a resumable upload that could not be stored keeps its parts, and is stored when the object store is back', {
  timeout: 100_000,
}, async () => {
  const bytes = await readFile(film)
  const at = `${app.url}/api/uploads/resumable`
  const tus = { 'tus-resumable': '1.0.0' }
  const metadata = `filename ${Buffer.from('parts.mp4').toString('base64')},title ${Buffer.from('In parts').toString('base64')}`
  const lengths = { 'upload-length': String(bytes.length), 'upload-metadata': metadata }
  const created = await fetch(at, { method: 'POST', headers: { ...tus, ...lengths } })
  const url = new URL(created.headers.get('location') ?? '', at)
  await s3.kill()
  const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
  const sent = await fetch(url, { method: 'PATCH', headers, body: new Uint8Array(bytes) })
  assert.equal(sent.status, 503)
  await s3.start()
  // What was left is looked for at the start, and now and then.
  app = await app.restart()
  const stored = await until('it is stored', async () =>
    (await app.rushes.videos.list()).items.find(({ title }) => title === 'In parts'),
  )
  assert.equal(stored.checksum, `sha256:${sha(bytes)}`)
  await app.rushes.videos.untilReady(stored.id)
  await app.rushes.videos.delete(stored.id)
})

test('a job that could not store what it made is run again', { timeout: 100_000 }, async () => {
  await s3.fail({ method: 'PUT', part: '/playback', times: 3, status: 503 })
  const { id } = await app.rushes.videos.upload(film)
  const ready = await app.rushes.videos.untilReady(id)
  assert.equal(ready.status, 'ready')
  await app.rushes.videos.delete(id)
})

test('a film that is deleted leaves the bucket empty', async () => {
  await app.rushes.videos.delete(video.id)
  assert.deepEqual(await s3.objects(), [])
  assert.deepEqual(await s3.openUploads(), [])
})

test('the doctor writes to the bucket, and says what is wrong with one that is not there', async () => {
  const config = parseConfig(app.env)
  const [good] = await Promise.all(checkObjectStore(config))
  assert.equal(good?.state, 'ok', good?.detail)
  const [bad] = await Promise.all(checkObjectStore({ ...config, S3_BUCKET: 'elsewhere' }))
  assert.equal(bad?.state, 'missing')
  assert.deepEqual(await s3.objects(), [])
  assert.deepEqual(checkObjectStore({ ...config, STORAGE: 'disk' }), [])
})

test('what STORAGE=s3 lacks is told all at once', () => {
  assert.throws(
    () => parseConfig({ STORAGE: 's3' }),
    (fault: ConfigError) => {
      assert.ok(fault instanceof ConfigError)
      const names = fault.faults.map(each => each.split(':')[0])
      assert.deepEqual(names, ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'])
      return true
    },
  )
})
