import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
let film: Buffer
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 }))
})
after(() => app[Symbol.asyncDispose]())

const at = () => `${app.url}/api/uploads/resumable`
const digest = (algorithm: 'sha1' | 'sha256', bytes: Uint8Array) =>
  `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`
const send = async (method: string, url: string | URL, headers: Record<string, string>, bytes?: Uint8Array) => {
  const body = bytes ? { body: bytes as Uint8Array<ArrayBuffer> } : {}
  const response = await fetch(url, { method, headers: { 'tus-resumable': '1.0.0', ...headers }, ...body })
  const text = await response.text()
  const code = text.startsWith('{') ? (JSON.parse(text) as { error: { code: string } }).error.code : undefined
  return { status: response.status, headers: response.headers, code }
}
const create = async () => {
  const metadata = `filename ${Buffer.from('film.mp4').toString('base64')}`
  const about = { 'upload-length': String(film.length), 'upload-metadata': metadata }
  return new URL((await send('POST', at(), about)).headers.get('location') ?? '', at())
}
const part = (offset: number, checksum: string) => ({
  'upload-offset': String(offset),
  'upload-checksum': checksum,
  'content-type': 'application/offset+octet-stream',
})
const offsetOf = async (url: URL) => Number((await send('HEAD', url, {})).headers.get('upload-offset'))
const idOf = (url: URL) => url.pathname.split('/').at(-1) ?? ''
const parts = () => join(app.dataDirectory, 'blobs', '.parts')

test('what it can check is announced', async () => {
  const { headers } = await send('OPTIONS', at(), {})
  assert.ok(headers.get('tus-extension')?.split(',').includes('checksum'))
  assert.equal(headers.get('tus-checksum-algorithm'), 'sha1,sha256')
})

test('a part whose bytes are others than were meant is refused and cut off; sent right, it is taken', async () => {
  const url = await create()
  const third = Math.floor(film.length / 3)
  const [first, rest] = [film.subarray(0, third), film.subarray(third)]
  assert.equal((await send('PATCH', url, part(0, digest('sha1', first)), first)).status, 204)

  const broken = Buffer.from(rest)
  broken[1000] = (broken[1000] ?? 0) ^ 1
  const refused = await send('PATCH', url, part(third, digest('sha256', rest)), broken)
  assert.deepEqual([refused.status, refused.code], [460, 'upload.checksum_mismatch'])
  assert.equal(await offsetOf(url), third)

  assert.equal((await send('PATCH', url, part(third, digest('sha256', rest)), rest)).status, 204)
  const { video } = await app.rushes.videos.uploadState(idOf(url))
  assert.equal(video?.checksum, `sha256:${createHash('sha256').update(film).digest('hex')}`)
  assert.deepEqual(await readdir(parts()), [])
})

test('a checksum that cannot be read is told so, and nothing is written', async () => {
  const url = await create()
  for (const checksum of [
    'md5 Q2hlY2tzdW0=',
    'sha1',
    'sha1 c2hvcnQ=',
    digest('sha1', film).replace('sha1', 'sha256'),
  ]) {
    const refused = await send('PATCH', url, part(0, checksum), film)
    assert.deepEqual([refused.status, refused.code], [400, 'upload.malformed_checksum'], checksum)
  }
  assert.equal(await offsetOf(url), 0)
})

test('what came of a part that broke off is cut off, whether the sender went away or the server died', async () => {
  const url = await create()
  const sent = request(url, {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', ...part(0, digest('sha1', film)), 'content-length': film.length },
  })
  sent.on('error', () => {})
  sent.write(film.subarray(0, 20_000))
  const names = () => readdir(parts())
  await until('it is being written', async () => (await names()).includes(`${idOf(url)}.unchecked`))
  sent.destroy()
  await until('it is put right', async () => !(await names()).includes(`${idOf(url)}.unchecked`))
  assert.equal(await offsetOf(url), 0)

  // As a server leaves it that was killed in the midst of a second part.
  const half = film.subarray(0, Math.floor(film.length / 2))
  assert.equal((await send('PATCH', url, part(0, digest('sha1', half)), half)).status, 204)
  await writeFile(join(parts(), `${idOf(url)}.unchecked`), String(half.length))
  await writeFile(join(parts(), idOf(url)), Buffer.alloc(5000), { flag: 'a' })
  assert.equal(await offsetOf(url), half.length)
  const rest = film.subarray(half.length)
  assert.equal((await send('PATCH', url, part(half.length, digest('sha1', rest)), rest)).status, 204)
  assert.equal((await app.rushes.videos.uploadState(idOf(url))).status, 'done')
})
