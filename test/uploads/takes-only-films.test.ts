import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
let film: string
before(async () => {
  app = await startTestApp({
    env: { TRANSCRIBER: 'none', MAX_UPLOAD_BYTES: '3000000', MAX_DURATION_SECONDS: '20', MAX_CAPTIONS_BYTES: '2000' },
  })
  film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
})
after(() => app[Symbol.asyncDispose]())

/** Files of the blob store, when nothing is being made of earlier films any more. */
const quietFiles = async () => {
  const { items } = await app.rushes.videos.list()
  for (const video of items) await app.rushes.videos.untilReady(video.id)
  return storedFiles()
}
const storedFiles = async (): Promise<string[]> => {
  const entries = await readdir(join(app.dataDirectory, 'blobs'), { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}
const refused = (code: string, part: RegExp) => (fault: unknown) =>
  fault instanceof RushesError && fault.code === code && part.test(fault.message)
const upload = (bytes: Uint8Array | string, filename: string) =>
  app.rushes.videos.upload(new File([bytes as BlobPart], filename))

test('what is not a film is refused with what it was taken for, and nothing is left behind', async () => {
  const before = await quietFiles()
  await assert.rejects(
    upload('<!doctype html><html><body>no film</body></html>', 'film.mp4'),
    refused('upload.unsupported_media', /HTML|text/i),
  )
  await assert.rejects(upload('just words', 'words.mp4'), refused('upload.unsupported_media', /text/i))
  await assert.rejects(upload('', 'empty.mp4'), refused('upload.unsupported_media', /empty/i))
  await assert.rejects(upload(randomBytes(50_000), 'noise.mp4'), refused('upload.unsupported_media', /./))
  const half = (await readFile(film)).subarray(0, 4_000)
  await assert.rejects(upload(half, 'half.mp4'), refused('upload.unsupported_media', /./))
  assert.deepEqual(await storedFiles(), before)
  assert.equal((await app.rushes.videos.list()).items.length, 0)
})

test('a film that is too large or too long is refused with the limit, and nothing is left behind', async () => {
  const before = await quietFiles()
  const head = await readFile(film)
  await assert.rejects(
    upload(Buffer.concat([head, Buffer.alloc(3_000_000)]), 'large.mp4'),
    refused('upload.too_large', /3000000/),
  )
  const long = await makeFilm(join(app.dataDirectory, 'long.mp4'), { seconds: 30 })
  await assert.rejects(app.rushes.videos.upload(long), refused('video.too_long', /20/))
  assert.deepEqual(await storedFiles(), before)
})

test('captions that are none are refused with the film, and nothing is left behind', async () => {
  const before = await quietFiles()
  const captions = new File(['this is no caption file'], 'x.vtt')
  await assert.rejects(app.rushes.videos.upload(film, { captions }), refused('upload.unsupported_captions', /./))
  const large = new File([`WEBVTT\n\n${'NOTE x\n\n'.repeat(1000)}`], 'x.vtt')
  await assert.rejects(app.rushes.videos.upload(film, { captions: large }), refused('upload.too_large', /2000/))
  assert.deepEqual(await storedFiles(), before)
})

test('the bytes are stored as they were sent, with their checksum, and playable at once', async () => {
  const video = await app.rushes.videos.upload(film, { title: 'Two seconds' })
  const bytes = await readFile(film)
  assert.equal(video.title, 'Two seconds')
  assert.equal(video.sizeBytes, bytes.length)
  assert.equal(video.checksum, `sha256:${createHash('sha256').update(bytes).digest('hex')}`)
  assert.equal(video.playable, true)
  const streamed = await fetch(`${app.url}/api/videos/${video.id}/stream?rendition=original`)
  assert.deepEqual(Buffer.from(await streamed.arrayBuffer()), bytes)
})

test('fields may come before or after the file, and a hostile file name is only shown', async () => {
  const form = new FormData()
  form.append('file', new Blob([await readFile(film)]), '../../etc/\u202egnp.mp4')
  form.append('title', 'Named after the file')
  const response = await fetch(`${app.url}/api/videos/upload`, { method: 'POST', body: form })
  const { video } = (await response.json()) as { video: { title: string; filename: string } }
  assert.equal(response.status, 201)
  assert.deepEqual([video.title, video.filename], ['Named after the file', 'gnp.mp4'])
})

test('an upload that breaks off leaves nothing behind', async () => {
  const before = await quietFiles()
  const sent = request(`${app.url}/api/videos/upload`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 1_000_000 },
  })
  sent.on('error', () => {})
  sent.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n')
  sent.write((await readFile(film)).subarray(0, 20_000))
  await until('the server writes it', async () => (await storedFiles()).length > before.length)
  sent.destroy()
  await until('it is gone', async () => (await storedFiles()).length === before.length)
})

test('deleting a video removes its files and its record; the rest stays', async () => {
  const kept = await app.rushes.videos.upload(film)
  await app.rushes.videos.untilReady(kept.id)
  const before = await quietFiles()
  const video = await app.rushes.videos.upload(film)
  await app.rushes.videos.untilReady(video.id)
  await app.rushes.videos.delete(video.id)
  await assert.rejects(app.rushes.videos.get(video.id), refused('video.not_found', /./))
  await until('its files are gone', async () => (await storedFiles()).length === before.length)
  assert.equal((await app.rushes.videos.get(kept.id)).status, 'ready')
})

test('malformed requests are answered in the shape of a failure', async () => {
  const post = (body: BodyInit, contentType: string) =>
    fetch(`${app.url}/api/videos/upload`, { method: 'POST', body, headers: { 'content-type': contentType } })
  const codeOf = async (response: Response) => [
    response.status,
    ((await response.json()) as { error: { code: string } }).error.code,
  ]
  assert.deepEqual(await codeOf(await post('{"filename":', 'application/json')), [400, 'request.malformed_json'])
  assert.deepEqual(await codeOf(await post('nothing', 'multipart/form-data; boundary=x')), [422, 'request.invalid'])
  assert.deepEqual(
    await codeOf(
      await post(
        '--x\r\nContent-Disposition: form-data; name="title"\r\n\r\na\r\n--x--\r\n',
        'multipart/form-data; boundary=x',
      ),
    ),
    [400, 'upload.no_file'],
  )
})
