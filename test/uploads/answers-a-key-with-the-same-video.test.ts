// tier: postgres
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes, RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { blobsOf } from './blobs-of.ts'

let app: TestApp
let film: File
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: 'k'.repeat(20) } })
  const bytes = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
  film = new File([new Uint8Array(bytes)], 'film.mp4')
})
after(() => app[Symbol.asyncDispose]())

const failed = (code: string) => (fault: unknown) => fault instanceof RushesError && fault.code === code
const send = (idempotencyKey: string) => app.rushes.videos.upload(film, { idempotencyKey })
const count = async () => (await app.rushes.videos.list({ limit: 200 })).items.length

test('the same key gives the same video: afterwards, at once, and after a restart', async () => {
  const before = await count()
  const first = await send('one')
  assert.equal((await send('one')).id, first.id)
  const together = await Promise.all([send('together'), send('together'), send('together')])
  assert.equal(new Set(together.map(({ id }) => id)).size, 1)
  assert.notEqual(together[0]?.id, first.id)
  app = await app.restart()
  assert.equal((await send('one')).id, first.id)
  assert.equal(await count(), before + 2)

  const form = new FormData()
  form.append('file', film)
  const headers = { 'idempotency-key': 'one', authorization: `Bearer ${'k'.repeat(20)}` }
  const answer = await fetch(`${app.url}/api/videos/upload`, { method: 'POST', body: form, headers })
  assert.equal(answer.status, 201)
  assert.equal(((await answer.json()) as { video: { id: string } }).video.id, first.id)
})

test('a direct upload with the same key is the same one, with the same address', async () => {
  const { videos } = app.rushes
  const create = () => videos.createDirectUpload({ filename: 'film.mp4' }, { idempotencyKey: 'direct' })
  const [one, other] = await Promise.all([create(), create()])
  assert.deepEqual(other.upload, one.upload)
  assert.equal(other.video.id, one.video.id)
  await fetch(one.upload.url, { method: 'PUT', body: film })
  assert.equal((await create()).video.status === 'waiting_for_upload', false)

  const parts = () => videos.upload(film, { resumable: true, idempotencyKey: 'parts' })
  const first = await parts()
  assert.equal((await parts()).id, first.id)
})

test('a key that came to nothing may be used again', async () => {
  const text = new File(['these are words'], 'words.mp4')
  await assert.rejects(app.rushes.videos.upload(text, { idempotencyKey: 'again' }), failed('upload.unsupported_media'))
  assert.equal((await send('again')).filename, 'film.mp4')
})

test('a sender that hangs up leaves its key to the next one', async () => {
  const boundary = 'b'
  const headers = {
    ...{ 'idempotency-key': 'broken', authorization: `Bearer ${'k'.repeat(20)}` },
    'content-type': `multipart/form-data; boundary=${boundary}`,
  }
  const broken = request(`${app.url}/api/videos/upload`, { method: 'POST', headers })
  broken.on('error', () => {})
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n`
  broken.write(Buffer.concat([Buffer.from(head), Buffer.from(await film.arrayBuffer()).subarray(0, 20_000)]))
  await until('it is being received', async () => (await blobsOf(app)).some(name => name.startsWith('.drafts/')))
  const next = send('broken')
  broken.destroy()
  assert.ok((await next).id)
})

test('the same key of another caller is another key, and one that is too long is refused', async () => {
  const mine = await send('shared')
  const { secret } = await app.rushes.keys.create('another caller')
  const another = createRushes({ url: app.url, token: secret })
  const theirs = await another.videos.upload(film, { idempotencyKey: 'shared' })
  assert.notEqual(theirs.id, mine.id)
  assert.equal((await send('shared')).id, mine.id)
  await assert.rejects(send('x'.repeat(201)), failed('request.invalid'))
  assert.ok((await send('x'.repeat(200))).id)
})
