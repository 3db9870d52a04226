// tier: postgres
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
let film: Buffer
before(async () => {
  app = await startTestApp({
    env: { TRANSCRIBER: 'none', MAX_UPLOAD_BYTES: '3000000', RUSHES_API_KEY: 'k'.repeat(20) },
  })
  film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 }))
})
after(() => app[Symbol.asyncDispose]())

const put = async (url: string, body: Uint8Array | string) => {
  const response = await fetch(url, { method: 'PUT', body: body as BodyInit })
  const answer = (await response.json()) as { video?: { status: string }; error?: { code: string } }
  return { status: response.status, code: answer.error?.code, video: answer.video }
}
const failed = (code: string) => (fault: unknown) => fault instanceof RushesError && fault.code === code
const filesOf = async (videoId: string) => {
  const names = await readdir(join(app.dataDirectory, 'blobs'), { recursive: true })
  return names.filter(name => name.includes(videoId) || /^\.(drafts|parts)\/./.test(name))
}

test('the video waits and is listed; its bytes need no key, are taken once, and it is processed like any other', async () => {
  const { videos } = app.rushes
  const { video, upload } = await videos.createDirectUpload({ filename: 'two_seconds.mp4', sizeBytes: film.length })
  assert.deepEqual(
    [video.status, video.title, video.source, video.playable],
    ['waiting_for_upload', 'two seconds', 'direct', false],
  )
  assert.equal((await videos.list({ status: 'waiting_for_upload' })).items[0]?.id, video.id)
  await assert.rejects(
    app.rushes.call('videos.rename', { params: { id: video.id }, body: { title: '' } }),
    failed('request.invalid'),
  )
  const early = await fetch(videos.streamUrl(video.id))
  assert.equal(early.status, 409)

  assert.deepEqual((await put(upload.url, film)).status, 200)
  assert.deepEqual(await put(upload.url, film).then(({ status, code }) => [status, code]), [409, 'upload.already_done'])
  const ready = await videos.untilReady(video.id)
  assert.equal(ready.checksum, `sha256:${createHash('sha256').update(film).digest('hex')}`)
  assert.equal(ready.sizeBytes, film.length)
  assert.deepEqual(Buffer.from(await (await fetch(videos.streamUrl(video.id))).arrayBuffer()), film)
  const state = await videos.uploadState(upload.id)
  assert.deepEqual([state.status, state.video?.id], ['done', video.id])
  const types = (await videos.events(video.id)).map(event => event.type)
  assert.ok(types.indexOf('video.created') < types.indexOf('video.uploaded'))
  assert.ok(types.includes('video.playable'))
})

test('what is no film makes the video an error that says why, and leaves no bytes behind', async () => {
  const { video, upload } = await app.rushes.videos.createDirectUpload({ filename: 'page.mp4' })
  const answer = await put(upload.url, '<!doctype html><html><body>no film</body></html>')
  assert.deepEqual([answer.status, answer.code], [415, 'upload.unsupported_media'])
  const { status, error } = await app.rushes.videos.get(video.id)
  assert.deepEqual([status, error?.code], ['error', 'upload.unsupported_media'])
  assert.deepEqual(await filesOf(video.id), [])
  assert.equal((await put(upload.url, film)).code, 'upload.already_done')
  await assert.rejects(
    app.rushes.videos.createDirectUpload({ filename: 'x.mp4', sizeBytes: 3_000_001 }),
    failed('upload.too_large'),
  )
  const large = await app.rushes.videos.createDirectUpload({ filename: 'large.mp4' })
  assert.equal((await put(large.upload.url, Buffer.concat([film, Buffer.alloc(3_000_000)]))).status, 413)
})

test('one that breaks off can be sent again; an unknown address is told so; a deleted video takes nothing', async () => {
  const { videos } = app.rushes
  const { video, upload } = await videos.createDirectUpload({ filename: 'film.mp4', sizeBytes: film.length })
  const sent = request(upload.url, { method: 'PUT', headers: { 'content-length': film.length } })
  sent.on('error', () => {})
  sent.write(film.subarray(0, 20_000))
  await until('it is being received', async () => (await videos.get(video.id)).status === 'uploading')
  assert.equal((await put(upload.url, film)).code, 'upload.in_progress')
  sent.destroy()
  await until('it is waited for again', async () => (await videos.get(video.id)).status === 'waiting_for_upload')
  assert.deepEqual(await filesOf(video.id), [])
  assert.equal((await put(upload.url, film.subarray(0, 30_000))).status >= 400, true)

  assert.equal((await put(`${app.url}/api/uploads/nothing-is-here`, film)).code, 'upload.not_found')
  const gone = await videos.createDirectUpload({ filename: 'film.mp4' })
  await videos.delete(gone.video.id)
  assert.equal((await put(gone.upload.url, film)).status, 404)
  assert.deepEqual(await filesOf(gone.video.id), [])
})

test('one that is not used in time is gone with its video', async () => {
  await using quick = await startTestApp({ env: { TRANSCRIBER: 'none', UPLOAD_EXPIRES_SECONDS: '1' } })
  const { video, upload } = await quick.rushes.videos.createDirectUpload({ filename: 'film.mp4' })
  await until('it expires', async () => (await quick.rushes.videos.uploadState(upload.id)).status === 'expired')
  await until('its video is gone', async () => (await quick.rushes.videos.list()).items.length === 0)
  await assert.rejects(quick.rushes.videos.get(video.id), failed('video.not_found'))
  assert.deepEqual(await put(upload.url, film).then(({ status, code }) => [status, code]), [410, 'upload.expired'])
})
