// tier: postgres
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { RushesError, type Video } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { blobsOf, numberedFilm } from './blobs-of.ts'

const quotaBytes = 400_000

let app: TestApp
let film: Buffer
before(async () => {
  const env = { TRANSCRIBER: 'none', STORAGE_QUOTA_BYTES: String(quotaBytes), MAX_CAPTIONS_BYTES: '100' }
  app = await startTestApp({ env })
  const made = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
  film = padded(made, 150_000)
})
after(() => app[Symbol.asyncDispose]())
beforeEach(async () => {
  for await (const { id } of app.rushes.videos.all()) await app.rushes.videos.delete(id)
})

/** The same film with a box behind it that players pass over. */
function padded(bytes: Buffer, sizeBytes: number): Buffer {
  const box = Buffer.alloc(sizeBytes - bytes.length)
  box.writeUInt32BE(box.length)
  box.write('free', 4)
  return Buffer.concat([bytes, box])
}
const full = (fault: unknown) =>
  fault instanceof RushesError && fault.code === 'storage.quota_exceeded' && fault.status === 507
const send = (number: number, resumable = false) =>
  app.rushes.videos.upload(new File([new Uint8Array(numberedFilm(film, number))], 'film.mp4'), { resumable })
const put = async (url: string, bytes: Uint8Array) => {
  const answer = await fetch(url, { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer> })
  return ((await answer.json()) as { error?: { code: string; details?: unknown } }).error
}
/** What `/metrics` tells may be a moment old. */
const tells = (...expected: number[]) =>
  until(`${expected} bytes are used and reserved`, async () => isDeepStrictEqual(await usage(), expected))
const usage = async () => {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  const value = (name: string) => Number(new RegExp(`^rushes_storage_${name}_bytes (\\d+)`, 'm').exec(metrics)?.[1])
  return [value('used'), value('reserved')]
}
/** Originals, and what is left of uploads, when nothing is being made of films any more. */
const leftovers = async () => {
  for await (const { id, status } of app.rushes.videos.all())
    if (status !== 'waiting_for_upload' && status !== 'error') await app.rushes.videos.untilReady(id)
  return (await blobsOf(app)).filter(name => /^\.|^originals\//.test(name))
}
/** Sends by PUT without saying how much it is. */
const putUnknown = (url: string, bytes: Uint8Array) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(url, { method: 'PUT' }, async answer => {
      const parts: Buffer[] = []
      for await (const part of answer) parts.push(part as Buffer)
      resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() })
    })
    sent.on('error', reject)
    sent.flushHeaders()
    sent.end(bytes)
  })

test('what is announced is reserved at once, refused when there is no room, and given back', async () => {
  const { videos } = app.rushes
  const first = await videos.createDirectUpload({ filename: 'a.mp4', sizeBytes: 300_000 })
  await tells(0, 300_000)
  await assert.rejects(videos.createDirectUpload({ filename: 'b.mp4', sizeBytes: 100_001 }), (fault: RushesError) => {
    assert.deepEqual(fault.details, { quotaBytes, usedBytes: 0, reservedBytes: 300_000 })
    return full(fault)
  })
  await assert.rejects(send(1, true), full)
  await assert.rejects(send(1), full)
  assert.deepEqual(await leftovers(), [])
  assert.equal((await videos.list()).items.length, 1, 'a refused upload left a video')

  // Its film is no film: refused, and its room is there again.
  assert.equal((await put(first.upload.url, Buffer.from('no film at all')))?.code, 'upload.unsupported_media')
  await tells(0, 0)
  const video = await send(1)
  await tells(video.sizeBytes, 0)
  const { upload } = await videos.createDirectUpload({ filename: 'c.mp4', sizeBytes: 100_000 })
  await tells(video.sizeBytes, 100_000)
  await videos.delete((await videos.uploadState(upload.id)).video?.id ?? '')
  await tells(video.sizeBytes, 0)
  const { parts } = await app.rushes.health()
  assert.match(parts.storage?.detail ?? '', /; originals 0\.0 GB of 0\.0 GB, 0\.0 GB reserved; renditions 0\.0 GB$/)
})

test('the same bytes again take no room', async () => {
  const first = await send(1)
  const again = await send(1)
  await send(2)
  assert.equal(again.duplicateOf, first.id)
  await tells(2 * first.sizeBytes, 0)
  await app.rushes.videos.delete(first.id)
  await tells(2 * first.sizeBytes, 0)
  await assert.rejects(send(3), full)
})

test('two at once can not both slip through', async () => {
  await send(1)
  const direct = () => app.rushes.videos.createDirectUpload({ filename: 'x.mp4', sizeBytes: 200_000 })
  const created = await Promise.allSettled([direct(), direct(), direct()])
  const made = created.filter(each => each.status === 'fulfilled')
  assert.equal(made.length, 1)
  for (const { value } of made) await app.rushes.videos.delete(value.video.id)

  const films = await Promise.allSettled([send(2), send(3), send(4)])
  assert.equal(films.filter(each => each.status === 'fulfilled').length, 1)
  for (const each of films) if (each.status === 'rejected') assert.ok(full(each.reason), String(each.reason))
  assert.equal((await leftovers()).length, 2)
})

test('bytes of unknown number are refused when they reach the limit, and nothing of them is left', async () => {
  const { videos } = app.rushes
  await send(1)
  const large = padded(film, 300_000)
  const { video, upload } = await videos.createDirectUpload({ filename: 'large.mp4' })
  const answer = await putUnknown(upload.url, large)
  assert.deepEqual([answer.status, /storage\.quota_exceeded/.test(answer.text)], [507, true])
  assert.equal((await videos.get(video.id)).error?.code, 'storage.quota_exceeded')

  async function* bytes() {
    for (let at = 0; at < large.length; at += 50_000) yield large.subarray(at, at + 50_000)
  }
  await assert.rejects(videos.upload({ stream: bytes(), filename: 'large.mp4' }), full)

  const tus = (url: string | URL, init: RequestInit) =>
    fetch(url, { ...init, headers: { 'tus-resumable': '1.0.0', ...init.headers } })
  const at = `${app.url}/api/uploads/resumable`
  const begun = await tus(at, { method: 'POST', headers: { 'upload-defer-length': '1' } })
  const location = new URL(begun.headers.get('location') ?? '', at)
  const headers = { 'content-type': 'application/offset+octet-stream' }
  const part = (offset: number, body: Buffer) =>
    tus(location, {
      ...{ method: 'PATCH', body: new Uint8Array(body) },
      headers: { ...headers, 'upload-offset': String(offset) },
    })
  assert.equal((await part(0, large.subarray(0, 200_000))).status, 204)
  const refused = await part(200_000, large.subarray(200_000))
  assert.equal(refused.status, 507)
  assert.match(await refused.text(), /storage\.quota_exceeded/)
  assert.equal((await part(200_000, large.subarray(200_000))).status, 409)

  assert.equal((await leftovers()).length, 1, (await leftovers()).join(' '))
  await until('nothing is reserved', async () => (await usage())[1] === 0)
})

test('what expires or is called off is given back', async () => {
  const options = { method: 'POST', headers: { 'tus-resumable': '1.0.0', 'upload-length': '200000' } }
  const at = `${app.url}/api/uploads/resumable`
  const begun = await fetch(at, options)
  await tells(0, 200_000)
  const location = new URL(begun.headers.get('location') ?? '', at)
  await fetch(location, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } })
  await until('its room is given back', async () => (await usage())[1] === 0)

  await using quick = await startTestApp({ env: { UPLOAD_EXPIRES_SECONDS: '1', STORAGE_QUOTA_BYTES: '1000' } })
  const direct = () => quick.rushes.videos.createDirectUpload({ filename: 'film.mp4', sizeBytes: 1000 })
  await direct()
  await assert.rejects(direct(), full)
  await until('there is room again', () =>
    direct().then(
      (made): Video => made.video,
      () => null,
    ),
  )
})
