import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Video } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { ask } from './film-app.ts'

const key = 'a key that is long enough'
const headers = { authorization: `Bearer ${key}` }
let s3: S3Server
let app: TestApp
let film: Buffer
let video: Video
let at: string

before(async () => {
  s3 = await startS3Server()
  app = await startTestApp({
    env: { ...s3.env, STORAGE: 's3', STREAM_REDIRECT: 'true', TRANSCRIBER: 'none', RUSHES_API_KEY: key },
  })
  const path = await makeFilm(join(app.dataDirectory, 'the keeper.mp4'), { seconds: 2 })
  film = await readFile(path)
  video = await app.rushes.videos.untilReady((await app.rushes.videos.upload(path)).id)
  at = `${app.url}/api/videos/${video.id}`
})
after(async () => {
  await app[Symbol.asyncDispose]()
  await s3[Symbol.asyncDispose]()
})

test('a player is led to the bucket, and has the film from there in ranges, under its name and type', async () => {
  for (const _ of [1, 2]) {
    const { status, headers: said, body } = await ask(`${at}/stream?download=1`, { headers })
    assert.deepEqual([status, body.length, said['cache-control']], [307, 0, 'no-store'])
    const url = said.location ?? ''
    assert.ok(url.startsWith(`${s3.url}/rushes/originals/`), url)
    const whole = await ask(url, {})
    assert.ok(whole.body.equals(film))
    assert.equal(whole.headers['content-type'], 'video/mp4')
    assert.equal(whole.headers['content-disposition'], 'attachment; filename="the keeper.mp4"')
    const part = await ask(url, { headers: { range: 'bytes=10-19' } })
    assert.deepEqual([part.status, part.body], [206, film.subarray(10, 20)])
  }
})

test('the plain address, which players ask most, leads there too; and the client follows it with a signed token', async () => {
  assert.equal((await ask(`${at}/stream`, { headers: { ...headers, range: 'bytes=0-' } })).status, 307)
  const { stream } = await app.rushes.videos.signedUrls(video.id)
  assert.equal((await ask(stream, {})).status, 307)
  assert.ok(film.equals(Buffer.from(await (await fetch(stream)).arrayBuffer())))
  const picture = await fetch(app.rushes.videos.thumbnailUrl(video.id))
  assert.deepEqual([picture.redirected, picture.headers.get('content-type')], [true, 'image/jpeg'])
})

test('only who may is led there', async () => {
  const refused = await ask(`${at}/stream`, {})
  assert.deepEqual([refused.status, refused.headers.location], [401, undefined])
})

test('a HEAD, and who asks by one of our entity tags, is answered here', async () => {
  const head = await ask(`${at}/stream`, { method: 'HEAD', headers })
  assert.deepEqual([head.status, head.headers['content-length']], [200, String(film.length)])
  const etag = String(head.headers.etag)
  assert.equal((await ask(`${at}/stream`, { headers: { ...headers, 'if-none-match': etag } })).status, 304)
  const part = await ask(`${at}/stream`, { headers: { ...headers, 'if-range': etag, range: 'bytes=0-3' } })
  assert.deepEqual([part.status, part.body], [206, film.subarray(0, 4)])
})

test('pages may show what comes from the bucket, and from nowhere else', async () => {
  const policy = String((await ask(`${app.url}/health`, {})).headers['content-security-policy'])
  for (const what of ['img', 'media', 'connect']) assert.match(policy, new RegExp(`${what}-src 'self' ${s3.url}[ ;]`))
  assert.match(policy, /default-src 'self';/)
})

test('what does not lie in a bucket is sent from here', async () => {
  await using disk = await startTestApp({ env: { STREAM_REDIRECT: 'true', TRANSCRIBER: 'none' } })
  const { id } = await disk.rushes.videos.upload(new File([new Uint8Array(film)], 'film.mp4'))
  const answer = await ask(`${disk.url}/api/videos/${id}/stream`, {})
  assert.deepEqual([answer.status, answer.body.equals(film)], [200, true])
})
