import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import { createRushes, type RushesError } from '../../client-sdk/src/index.ts'
import { toFailure } from '../../server/platform/errors.ts'

test('a full disk is told as one, whoever found it full', () => {
  const full = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' })
  const database = Object.assign(new Error('could not extend file'), { code: '53100' })
  for (const fault of [
    full,
    new Error('a part was not written', { cause: full }),
    new DrizzleQueryError('', [], database),
  ])
    assert.deepEqual(
      [toFailure(fault, 'id').status, toFailure(fault, 'id').error.code],
      [507, 'storage.full'],
      fault.message,
    )
  assert.equal(toFailure(new Error('another', { cause: new Error('one') }), 'id').error.code, 'server.internal')
})

test('a client whose film has no room is told at once, and tries no further', async t => {
  let parts = 0
  // As the server answers when its disk is full, which it can hardly be made to be here.
  const server = createServer((request, response) => {
    request.resume()
    const tus = { 'tus-resumable': '1.0.0' }
    if (request.method === 'POST')
      return response.writeHead(201, { ...tus, location: `${request.url}/an-upload-id-00` }).end()
    if (request.method === 'HEAD')
      return response.writeHead(200, { ...tus, 'upload-offset': '0', 'upload-length': '9000000' }).end()
    parts++
    const error = { code: 'storage.full', message: 'There is no room left.', requestId: 'one' }
    return response.writeHead(507, { ...tus, 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  })
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const rushes = createRushes({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  const film = new File([new Uint8Array(9_000_000)], 'film.mp4')
  await assert.rejects(
    rushes.videos.upload(film, { resumable: true }),
    (fault: RushesError) => fault.code === 'storage.full',
  )
  assert.equal(parts, 1)
})
