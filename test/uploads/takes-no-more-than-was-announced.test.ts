import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
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
