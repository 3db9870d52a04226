import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp } from '../support/start-test-app.ts'

test('a resumable upload that sends more than it announced, without saying so, is refused, and can be gone on with', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const tus = { 'Tus-Resumable': '1.0.0' }
  const made = await fetch(`${app.url}/api/uploads/resumable`, {
    method: 'POST',
    headers: { ...tus, 'Upload-Length': '100' },
  })
  const address = new URL(made.headers.get('location') ?? '', `${app.url}/api/uploads/resumable`)
  const headers = { ...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }
  // Without a length the body goes in chunks: only the bytes themselves tell how many there are.
  const sending = request(address, { method: 'PATCH', headers: { ...headers, 'Transfer-Encoding': 'chunked' } })
  sending.end(Buffer.alloc(200))
  const [answer] = await once(sending, 'response')
  answer.resume()
  assert.equal(answer.statusCode, 413)
  const state = await fetch(address, { method: 'HEAD', headers: tus })
  assert.ok(Number(state.headers.get('upload-offset')) <= 100)
  assert.deepEqual((await app.rushes.videos.list()).items, [])
})

test('a film that comes whole with its announcement is taken at once, one that is longer is refused', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
  const send = (announced: number, body: Uint8Array<ArrayBuffer>) =>
    fetch(`${app.url}/api/uploads/resumable`, {
      method: 'POST',
      headers: {
        ...{ 'Tus-Resumable': '1.0.0', 'Upload-Length': `${announced}` },
        'Content-Type': 'application/offset+octet-stream',
      },
      body,
    })
  const taken = await send(film.length, film)
  assert.deepEqual([taken.status, taken.headers.get('upload-offset')], [201, `${film.length}`])
  const address = new URL(taken.headers.get('location') ?? '', `${app.url}/api/uploads/`)
  const state = await fetch(address, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } })
  assert.deepEqual([state.status, state.headers.get('upload-offset')], [200, `${film.length}`])
  assert.equal((await app.rushes.videos.list()).items.length, 1)

  const refused = await send(film.length - 1, film)
  const { error } = (await refused.json()) as { error: { code: string; message: string } }
  assert.deepEqual([refused.status, error.code], [413, 'upload.too_large'])
  assert.match(error.message, /announced/)
})
