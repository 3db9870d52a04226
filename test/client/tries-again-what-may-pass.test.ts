import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRushes, RushesError } from '../../client-sdk/src/index.ts'
import { mayPass } from '../../client-sdk/src/may-pass.ts'
import { failureKind, failures } from '../../shared/index.ts'
import { listenWith } from './upload-server.ts'

test('what passes by the table is tried again, by its code, and everything else of ours is not', () => {
  for (const code of Object.keys(failures))
    assert.equal(mayPass(new RushesError(code, '')), failureKind(code)?.passes === true, code)
  assert.equal(mayPass(new RushesError('network', '')), true)
  assert.equal(mayPass(new Error('anything else')), false)
})

test('a page of somebody before the server, and what a newer server says, go by their status', () => {
  const [passing, final] = [
    [408, 429, 500, 502, 503, 504],
    [400, 401, 403, 404, 413, 507],
  ]
  for (const code of ['server.internal', 'a.newer_code']) {
    for (const status of passing)
      assert.equal(mayPass(new RushesError(code, '', { status })), true, `${code} ${status}`)
    for (const status of final) assert.equal(mayPass(new RushesError(code, '', { status })), false, `${code} ${status}`)
  }
})

test('a part of a film that was too slow is sent again, one that is too large is not', async () => {
  const answers = [
    { status: 408, code: 'request.timeout' },
    { status: 413, code: 'upload.too_large' },
  ]
  await using server = await listenWith((request, response) => {
    request.resume()
    const tus = { 'tus-resumable': '1.0.0' }
    if (request.method === 'POST')
      return response.writeHead(201, { ...tus, location: `${request.url}/an-upload-id-00` }).end()
    if (request.method === 'HEAD')
      return response.writeHead(200, { ...tus, 'upload-offset': '0', 'upload-length': '9000' }).end()
    const { status, code } = answers.shift() ?? { status: 500, code: 'server.internal' }
    const error = { code, message: 'As the server says.', requestId: 'one' }
    return response.writeHead(status, { ...tus, 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  })
  const film = new File([new Uint8Array(9000)], 'film.mp4')
  const sent = createRushes({ url: server.url }).videos.upload(film, { resumable: true })
  await assert.rejects(sent, { code: 'upload.too_large' })
  assert.deepEqual(answers, [])
})
