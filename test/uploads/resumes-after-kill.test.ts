// tier: postgres
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes, RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startServerProcess } from '../support/server-process.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { testDatabase } from '../support/test-database.ts'

let app: TestApp
let filmPath: string
let film: Buffer
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MAX_UPLOAD_BYTES: '4000000' } })
  filmPath = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 4, size: '640x360' })
  film = await readFile(filmPath)
})
after(() => app[Symbol.asyncDispose]())

const checksumOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const base64 = (text: string) => Buffer.from(text).toString('base64')
const tus = (url: string | URL, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(url, { ...init, headers: { 'tus-resumable': '1.0.0', ...init.headers } })
const create = async (server: string, size: number, { query = '', headers = {} } = {}) => {
  const metadata = `filename ${base64('half_way.mp4')},title ${base64('Half way')}`
  const at = `${server}/api/uploads/resumable${query}`
  const lengths = { 'upload-length': String(size), 'upload-metadata': metadata }
  const response = await tus(at, { method: 'POST', headers: { ...lengths, ...headers } })
  return { status: response.status, url: new URL(response.headers.get('location') ?? '', at), response }
}
const patch = (url: URL, offset: number, bytes: Uint8Array) =>
  tus(url, {
    method: 'PATCH',
    headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body: bytes as BodyInit,
  })
const idOf = (url: URL) => url.pathname.split('/').at(-1) ?? ''
const partsLeft = () => readdir(join(app.dataDirectory, 'blobs', '.parts'))

test('after kill -9 in the middle it goes on where it was, and the bytes are the ones that were sent', {
  timeout: 120_000,
}, async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-tus-'))
  const database = await testDatabase(dataDirectory)
  const env = {
    ...{ PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), PORT: '0', DATA_DIR: dataDirectory, TRANSCRIBER: 'none' },
    ...database.env,
  }
  const half = Math.floor(film.length / 2)
  await using first = await startServerProcess(env)
  const { url } = await create(first.url, film.length)
  assert.equal((await patch(url, 0, film.subarray(0, half))).status, 204)
  await first.kill()

  await using second = await startServerProcess(env)
  const again = new URL(url.pathname, second.url)
  const head = await tus(again, { method: 'HEAD' })
  assert.deepEqual(
    [head.headers.get('upload-offset'), head.headers.get('upload-length')],
    [`${half}`, `${film.length}`],
  )
  assert.equal((await patch(again, half, film.subarray(half))).status, 204)
  const rushes = createRushes({ url: second.url })
  const { status, video } = await rushes.videos.uploadState(idOf(url))
  assert.deepEqual([status, video?.checksum, video?.title], ['done', checksumOf(film), 'Half way'])
  assert.equal((await rushes.videos.untilReady(video?.id ?? '')).playable, true)
  // Whoever lost the last answer asks again.
  const done = await tus(again, { method: 'HEAD' })
  assert.equal(done.headers.get('upload-offset'), `${film.length}`)
  assert.equal(await second.stop(), 0)
  await database.drop()
  await rm(dataDirectory, { recursive: true, force: true })
})

test('the client goes on by itself when its connection breaks, and tells how far it is', async () => {
  let cut = 0
  await using proxy = await cuttingProxy(app.url, () => cut++ === 0)
  const seen: number[] = []
  const video = await createRushes({ url: proxy.url }).videos.upload(filmPath, {
    resumable: true,
    title: 'Broken once',
    onProgress: ({ sentBytes }) => seen.push(sentBytes),
  })
  assert.ok(cut > 1, 'the connection was broken')
  assert.deepEqual([video.checksum, video.title], [checksumOf(film), 'Broken once'])
  assert.equal(seen.at(-1), film.length)
  assert.deepEqual(await partsLeft(), [])
  const blob = await app.rushes.videos.upload(new File([new Uint8Array(film)], 'blob.mp4'), { resumable: true })
  assert.equal(blob.checksum, checksumOf(film))
})

test('what is no film, or too large, is refused with the same words, and nothing is left', async () => {
  const refused = (code: string) => (fault: unknown) => fault instanceof RushesError && fault.code === code
  const send = (bytes: Uint8Array) =>
    app.rushes.videos.upload(new File([bytes as BlobPart], 'x.mp4'), { resumable: true })
  const count = (await app.rushes.videos.list()).items.length
  await assert.rejects(send(Buffer.from('just words')), refused('upload.unsupported_media'))
  await assert.rejects(send(Buffer.alloc(4_000_001)), refused('upload.too_large'))
  assert.equal((await app.rushes.videos.list()).items.length, count)
  assert.deepEqual(await partsLeft(), [])
})

test('a stopped upload is removed; the address of a direct one works; keys and origins are asked for', async () => {
  const { url } = await create(app.url, film.length)
  await patch(url, 0, film.subarray(0, 1000))
  assert.equal((await tus(url, { method: 'DELETE' })).status, 204)
  assert.equal((await tus(url, { method: 'HEAD' })).status, 404)
  assert.deepEqual(await partsLeft(), [])

  const direct = await app.rushes.videos.createDirectUpload({ filename: 'film.mp4' })
  const { url: inParts } = await create(app.url, film.length, { query: `?upload=${direct.upload.id}` })
  assert.equal((await app.rushes.videos.get(direct.video.id)).status, 'uploading')
  assert.equal((await patch(inParts, 0, film)).status, 204)
  assert.equal((await app.rushes.videos.untilReady(direct.video.id)).checksum, checksumOf(film))
  assert.equal((await create(app.url, 10, { query: '?upload=../../../../etc/passwd' })).status, 404)

  assert.equal((await create(app.url, 10, { headers: { origin: 'https://evil.example' } })).status, 403)
  await using closed = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: 'k'.repeat(20) } })
  assert.equal((await create(closed.url, 10)).status, 401)
  assert.equal((await closed.rushes.videos.upload(filmPath, { resumable: true })).checksum, checksumOf(film))
})

test('one that is not finished in time is gone', async () => {
  await using quick = await startTestApp({ env: { TRANSCRIBER: 'none', UPLOAD_EXPIRES_SECONDS: '1' } })
  const { url } = await create(quick.url, film.length)
  await until('its parts are gone', async () => {
    const parts = await readdir(join(quick.dataDirectory, 'blobs', '.parts'))
    return parts.length === 0
  })
  assert.equal((await patch(url, 0, film)).status, 410)
})

/** Passes bytes on, and breaks a connection in the middle of a film when `mayCut` says so. */
async function cuttingProxy(target: string, mayCut: () => boolean) {
  const { createServer } = await import('node:net')
  const { port } = new URL(target)
  const server = createServer(client => {
    const upstream = connect(Number(port), '127.0.0.1')
    let passed = 0
    client.on('data', chunk => {
      passed += chunk.length
      upstream.write(chunk)
      if (passed > 100_000 && mayCut()) client.destroy()
    })
    client.on('close', () => upstream.destroy())
    client.on('error', () => {})
    upstream.on('error', () => client.destroy())
    upstream.pipe(client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}
