import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { openS3Blobs } from '../../server/platform/blobs/index.ts'
import { startS3Server } from '../support/s3-server.ts'

const silenceMs = 400
const film = randomBytes(3 * 1024 * 1024)

async function openStore() {
  const server = await startS3Server()
  const directory = await mkdtemp(join(tmpdir(), 'blobs-'))
  const access = { endpoint: server.url, bucket: server.bucket, region: 'us-east-1' }
  const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
  const store = await openS3Blobs({ ...access, ...keys, silenceMs, local: { directory, maxBytes: 0 } })
  const draft = await store.draft('film')
  draft.stream.end(film)
  await once(draft.stream, 'finish')
  await draft.commit()
  return {
    server,
    async read(): Promise<Buffer> {
      const blob = await store.open('film')
      const to = new PassThrough()
      const chunks = to.toArray()
      await blob?.send(0, film.length - 1, to)
      to.end()
      return Buffer.concat(await chunks)
    },
    async [Symbol.asyncDispose]() {
      await store.stop()
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

test('a connection on which nothing comes any more is given up, and taken up where it was on another', async () => {
  await using opened = await openStore()
  const cutAfterBytes = 1024 * 1024
  await opened.server.fail({ method: 'GET', part: '/film', times: 2, cutAfterBytes, staysOpen: true })
  assert.ok(film.equals(await opened.read()))
})

test('an object store that freezes for a moment is read on where it was', async () => {
  await using opened = await openStore()
  await opened.server.fail({ method: 'GET', part: '/film', times: 1, cutAfterBytes: 1024 * 1024, staysOpen: true })
  const reading = opened.read()
  opened.server.freeze()
  setTimeout(opened.server.thaw, 3 * silenceMs)
  assert.ok(film.equals(await reading))
})
