import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFile, copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes, RushesError, type UploadProgress, uploadTo } from '../../client-sdk/src/index.ts'
import { parseConfig, sendsToBucket } from '../../server/config.ts'
import { makeFilm } from '../support/make-film.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

const mebibyte = 1024 * 1024
const key = 'k'.repeat(20)
let s3: S3Server
let app: TestApp
let path: string
let film: Buffer

before(async () => {
  s3 = await startS3Server()
  const env = { ...s3.env, STORAGE: 's3', S3_DIRECT_UPLOADS: 'true', TRANSCRIBER: 'none', RUSHES_API_KEY: key }
  app = await startTestApp({ env })
  path = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  film = await readFile(path)
})
after(async () => {
  await app[Symbol.asyncDispose]()
  await s3[Symbol.asyncDispose]()
})

const sumOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const failed = (code: string) => (fault: unknown) => fault instanceof RushesError && fault.code === code
const put = (url: string, body: Uint8Array) => fetch(url, { method: 'PUT', body: new Uint8Array(body) })
const begin = (about: { filename?: string; sizeBytes?: number } = {}) =>
  app.rushes.videos.createDirectUpload({ filename: 'film.mp4', ...about })
/** Without a key, as whoever has the address. */
const complete = async (url: string | null, body?: object) => {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(url ?? '', { method: 'POST', ...(body && json) })
  const said = (await answer.json()) as { video?: { id: string; checksum: string }; error?: { code: string } }
  return { status: answer.status, code: said.error?.code, video: said.video }
}
/** What lies in the bucket at the address of an upload. */
const left = async ({ url }: { url: string }) => (await s3.objects()).filter(name => url.includes(name))

/** The same film, with a box behind it that players skip. */
async function largeFilm(sizeBytes: number): Promise<string> {
  const large = join(app.dataDirectory, 'large.mp4')
  await copyFile(path, large)
  const box = Buffer.alloc(sizeBytes - film.length)
  box.writeUInt32BE(box.length)
  box.write('free', 4)
  await appendFile(large, box)
  return large
}

test('a film is put into the bucket, looked at, and becomes the video of its upload, once', async () => {
  const { video, upload } = await begin({ sizeBytes: film.length })
  assert.ok(upload.url.startsWith(`${s3.url}/rushes/incoming/`), upload.url)
  assert.deepEqual(upload.parts, null)
  assert.equal((await complete(upload.completeUrl)).code, 'upload.no_file')
  assert.equal((await put(upload.url, film.subarray(1))).status, 403)
  assert.equal((await put(upload.url, film)).status, 200)
  const first = await complete(upload.completeUrl)
  assert.deepEqual([first.status, first.video?.id, first.video?.checksum], [200, video.id, sumOf(film)])
  const second = await complete(upload.completeUrl, {})
  assert.deepEqual([second.status, second.video?.id], [200, video.id])
  assert.deepEqual(await left(upload), [])

  // Its address is good for a while still: what is sent there now is nobody's.
  const ready = await app.rushes.videos.untilReady(video.id)
  assert.equal((await put(upload.url, Buffer.alloc(film.length))).status, 200)
  assert.equal((await complete(upload.completeUrl)).video?.id, video.id)
  assert.ok(film.equals(Buffer.from(await (await fetch(app.rushes.videos.streamUrl(ready.id))).arrayBuffer())))
  assert.deepEqual((await app.rushes.videos.get(video.id)).checksum, sumOf(film))
})

test('whoever has the address needs no key and no server: the client sends and ends it', async () => {
  const { video, upload } = await begin()
  const told: UploadProgress[] = []
  const stored = await uploadTo(upload, path, { onProgress: progress => told.push(progress) })
  assert.deepEqual([stored.id, stored.checksum, told.at(-1)?.percent], [video.id, sumOf(film), 100])
  await assert.rejects(
    uploadTo({ ...upload, completeUrl: `${upload.abortUrl}x/complete` }, path),
    failed('upload.not_found'),
  )

  const other = await begin({ sizeBytes: film.length })
  const stream = { stream: new Blob([new Uint8Array(film)]).stream(), filename: 'f.mp4', sizeBytes: film.length }
  assert.equal((await uploadTo(other.upload, stream)).id, other.video.id)
})

test('a large film goes in parts, three at a time, and a part that failed is sent again', {
  timeout: 120_000,
}, async () => {
  const large = await largeFilm(101 * mebibyte)
  const bytes = await readFile(large)
  const { video, upload } = await begin({ sizeBytes: bytes.length })
  assert.equal(upload.parts?.count, 7)
  await s3.seen()
  await s3.fail({ method: 'PUT', part: 'partNumber=2', times: 1, status: 500 })
  // As when its address had expired: it gets another one.
  await s3.fail({ method: 'PUT', part: 'partNumber=5', times: 1, status: 403 })
  const told: number[] = []
  const stored = await uploadTo(upload, large, { onProgress: ({ sentBytes }) => told.push(sentBytes) })
  assert.deepEqual([stored.id, stored.checksum, stored.sizeBytes], [video.id, sumOf(bytes), bytes.length])
  assert.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
  )
  const parts = (await s3.seen()).filter(({ method, url }) => method === 'PUT' && url.includes('partNumber='))
  assert.equal(parts.filter(({ url }) => url.includes('/incoming/')).length, 9)
  assert.deepEqual([await left(upload), await s3.openUploads()], [[], []])
})

test('parts are for those that a film has, of their size; without all of them it is not done', {
  timeout: 120_000,
}, async () => {
  const bytes = await readFile(await largeFilm(101 * mebibyte))
  const { upload } = await begin({ sizeBytes: bytes.length })
  const { id, parts, completeUrl } = upload
  assert.ok(parts)
  const { call } = createRushes({ url: app.url })
  const sign = async (numbers: number[]) =>
    (await call('uploads.signParts', { params: { id }, body: { numbers } })).parts
  await assert.rejects(sign([8]), failed('request.invalid'))
  await assert.rejects(
    call('uploads.signParts', { params: { id: (await begin()).upload.id }, body: { numbers: [1] } }),
    failed('request.invalid'),
  )
  const sent: { number: number; etag: string }[] = []
  const send = async (numbers: number[]) => {
    for (const { number, url, sizeBytes } of await sign(numbers)) {
      const start = (number - 1) * parts.partSizeBytes
      const answer = await put(url, bytes.subarray(start, start + sizeBytes))
      sent.push({ number, etag: answer.headers.get('etag') ?? '' })
    }
  }
  const [seventh] = await sign([7])
  assert.equal(seventh?.sizeBytes, bytes.length - 6 * parts.partSizeBytes)
  assert.equal((await put(seventh?.url ?? '', bytes.subarray(0, 5 * mebibyte + 1))).status, 403)
  await send([1, 2, 3])
  const missing = await complete(completeUrl, { parts: [...sent, { number: 4, etag: '"0"' }] })
  assert.deepEqual([missing.status, missing.code], [400, 'upload.interrupted'])
  await send([4, 5, 6, 7])
  const done = await complete(completeUrl, { parts: sent })
  assert.deepEqual([done.status, done.video?.checksum], [200, sumOf(bytes)])
  assert.deepEqual([await left(upload), await s3.openUploads()], [[], []])
})

test('an abort removes what was sent, and the upload waits again', { timeout: 120_000 }, async () => {
  const large = await largeFilm(101 * mebibyte)
  const { video, upload } = await begin({ sizeBytes: 101 * mebibyte })
  const stopped = new AbortController()
  const reason = new Error('enough')
  const onProgress = ({ sentBytes }: UploadProgress) => sentBytes > 20 * mebibyte && stopped.abort(reason)
  await assert.rejects(uploadTo(upload, large, { signal: stopped.signal, onProgress }), reason)
  await until('it is gone', async () => (await s3.openUploads()).length === 0)
  assert.equal((await app.rushes.videos.get(video.id)).status, 'waiting_for_upload')
  assert.equal((await uploadTo(upload, large)).id, video.id)
  assert.deepEqual([await left(upload), await s3.openUploads()], [[], []])
})

test('what is no film is refused and removed, and the video says why', async () => {
  const { video, upload } = await begin()
  const page = new File(['<!doctype html><html><body>no film</body></html>'], 'film.mp4')
  await assert.rejects(uploadTo(upload, page), failed('upload.unsupported_media'))
  const { status, error } = await app.rushes.videos.get(video.id)
  assert.deepEqual([status, error?.code], ['error', 'upload.unsupported_media'])
  assert.deepEqual(await left(upload), [])
  assert.deepEqual(
    (await s3.objects()).filter(name => name.includes(video.id)),
    [],
  )
  assert.equal((await complete(upload.completeUrl)).code, 'upload.already_done')
})

test('a film that is replaced while it is looked at is not taken for the one that was looked at', async () => {
  // Bytes that are nowhere yet: what is there already need not be copied.
  const own = Buffer.concat([film, Buffer.from([0, 0, 0, 12]), Buffer.from('freeown!')])
  const place = `originals/${sumOf(own).replace('sha256:', '')}`
  const { upload } = await begin({ sizeBytes: own.length })
  await put(upload.url, own)
  await s3.seen()
  await s3.fail({ method: 'PUT', part: place, times: 1, delayMs: 4000 })
  const completing = complete(upload.completeUrl)
  await until('it is being copied', async () => (await s3.seen()).some(({ url }) => url.includes(place)))
  assert.equal((await complete(upload.completeUrl)).code, 'upload.in_progress')
  await put(upload.url, Buffer.alloc(own.length, '<html>'))
  assert.equal((await completing).code, 'upload.interrupted')
  assert.deepEqual(
    (await s3.objects()).filter(name => name.includes(place)),
    [],
  )
  assert.equal((await complete(upload.completeUrl)).code, 'upload.unsupported_media')
})

test('a film that could not be put away is taken up again without its sender', { timeout: 120_000 }, async () => {
  const { video, upload } = await begin({ sizeBytes: film.length })
  await put(upload.url, film)
  await s3.kill()
  const broken = await complete(upload.completeUrl)
  assert.deepEqual([broken.status, broken.code], [503, 'storage.unavailable'])
  await s3.start()
  app = await app.restart()
  await until('it is stored', async () => (await app.rushes.videos.uploadState(upload.id)).status === 'done')
  assert.equal((await app.rushes.videos.get(video.id)).checksum, sumOf(film))
  await until('nothing is left', async () => (await left(upload)).length === 0)
})

test('one that expires leaves neither object nor parts behind', { timeout: 120_000 }, async () => {
  const bucket = { ...s3.env, STORAGE: 's3', S3_PREFIX: 'quick', S3_DIRECT_UPLOADS: 'true' }
  await using quick = await startTestApp({ env: { ...bucket, UPLOAD_EXPIRES_SECONDS: '2' } })
  const { videos } = quick.rushes
  const one = await videos.createDirectUpload({ filename: 'film.mp4' })
  const other = await videos.createDirectUpload({ filename: 'film.mp4', sizeBytes: 200 * mebibyte })
  await put(one.upload.url, film)
  await quick.rushes.call('uploads.signParts', { params: { id: other.upload.id }, body: { numbers: [1] } })
  assert.deepEqual(
    [(await s3.objects()).filter(name => name.startsWith('quick/')).length, (await s3.openUploads()).length],
    [1, 1],
  )
  await until('both are gone', async () => (await videos.list()).items.length === 0)
  await until('nothing is left', async () => !(await s3.objects()).some(name => name.startsWith('quick/')))
  assert.deepEqual(await s3.openUploads(), [])
  assert.equal((await complete(one.upload.completeUrl)).code, 'upload.expired')
})

test('where others are not known to reach the bucket, films come to the server, and the client sends them there', async () => {
  const s3Env = { ...s3.env, STORAGE: 's3' }
  assert.equal(sendsToBucket(parseConfig(s3Env)), false)
  assert.equal(sendsToBucket(parseConfig({ ...s3Env, S3_PUBLIC_ENDPOINT: 'https://films.example.org' })), true)
  assert.equal(sendsToBucket(parseConfig({ ...s3Env, S3_ENDPOINT: '' })), true)
  assert.equal(sendsToBucket(parseConfig({ S3_DIRECT_UPLOADS: 'true' })), false)
  await using disk = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const { video, upload } = await disk.rushes.videos.createDirectUpload({ filename: 'film.mp4' })
  assert.deepEqual([upload.completeUrl, upload.parts], [null, null])
  assert.equal((await uploadTo(upload, path)).id, video.id)
  await assert.rejects(uploadTo(upload, path), failed('upload.already_done'))
})
