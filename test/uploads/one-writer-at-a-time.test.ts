// tier: postgres
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { type ClientRequest, request } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startServerProcess } from '../support/server-process.ts'
import { until } from '../support/start-test-app.ts'
import { testDatabase } from '../support/test-database.ts'

const severalServers = process.env.RUSHES_TEST_DATABASE_URL !== undefined
const skip = severalServers ? false : 'several servers share a PostgreSQL, and here is none'

let dataDirectory: string
let database: Awaited<ReturnType<typeof testDatabase>>
let filmPath: string
let film: Buffer
before(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-locks-'))
  database = await testDatabase(dataDirectory)
  filmPath = await makeFilm(join(dataDirectory, 'film.mp4'), { seconds: 6, size: '640x360' })
  film = await readFile(filmPath)
})
after(async () => {
  await database.drop()
  await rm(dataDirectory, { recursive: true, force: true })
})

const startServer = () => {
  const here = { PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), PORT: '0', DATA_DIR: dataDirectory }
  return startServerProcess({ ...here, TRANSCRIBER: 'none', ...database.env })
}
const checksumOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const tus = (url: string | URL, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(url, { ...init, headers: { 'tus-resumable': '1.0.0', ...init.headers } })
const create = async (server: string) => {
  const at = `${server}/api/uploads/resumable`
  const metadata = `filename ${Buffer.from(`${randomUUID()}.mp4`).toString('base64')}`
  const headers = { 'upload-length': String(film.length), 'upload-metadata': metadata }
  const response = await tus(at, { method: 'POST', headers })
  return new URL(response.headers.get('location') ?? '', at)
}
const idOf = (url: URL) => url.pathname.split('/').at(-1) ?? ''
const arrived = async (id: string) => (await stat(join(dataDirectory, 'blobs', '.parts', id))).size
/** Sends the first bytes of the rest, and then nothing more. */
const stall = (url: URL, bytes: Uint8Array): ClientRequest => {
  const headers = { 'tus-resumable': '1.0.0', 'upload-offset': 0, 'content-type': 'application/offset+octet-stream' }
  const sent = request(url, { method: 'PATCH', headers: { ...headers, 'content-length': film.length } })
  sent.on('error', () => {})
  sent.write(bytes)
  return sent
}
const finish = (url: URL, offset: number) =>
  tus(url, {
    method: 'PATCH',
    headers: { 'upload-offset': `${offset}`, 'content-type': 'application/offset+octet-stream' },
    body: film.subarray(offset) as Uint8Array<ArrayBuffer>,
  })

test('whoever comes back is let in by the request that still waits for bytes, on whichever server that is', {
  timeout: 120_000,
}, async () => {
  await using first = await startServer()
  await using other = severalServers ? await startServer() : null
  const url = await create(first.url)
  const half = Math.floor(film.length / 2)
  const stalled = stall(url, film.subarray(0, half))
  const ended = new Promise(resolve => stalled.once('close', resolve))
  await until('half of it is there', async () => (await arrived(idOf(url))) === half)
  const back = new URL(url.pathname, (other ?? first).url)
  const head = await tus(back, { method: 'HEAD', signal: AbortSignal.timeout(30_000) })
  assert.deepEqual([head.status, head.headers.get('upload-offset')], [200, `${half}`])
  await ended
  assert.equal((await finish(back, half)).status, 204)
  const { video } = await createRushes({ url: first.url }).videos.uploadState(idOf(url))
  assert.equal(video?.checksum, checksumOf(film))
})

test('two at once with the same bytes: one is taken, the other hears where the upload stands', {
  timeout: 120_000,
}, async () => {
  await using first = await startServer()
  await using other = severalServers ? await startServer() : null
  const url = await create(first.url)
  const answers = await Promise.all([finish(url, 0), finish(new URL(url.pathname, (other ?? first).url), 0)])
  const statuses = answers.map(answer => answer.status).sort()
  assert.deepEqual(statuses, [204, 409])
  const { video } = await createRushes({ url: first.url }).videos.uploadState(idOf(url))
  assert.equal(video?.checksum, checksumOf(film))
})

test('a server is killed while it receives: the client goes on at another one, and the bytes are exact', {
  timeout: 120_000,
  skip,
}, async () => {
  await using first = await startServer()
  await using second = await startServer()
  let killed = 0
  await using front = await frontDoor(first.url, async retarget => {
    await first.kill()
    killed++
    retarget(second.url)
  })
  const video = await createRushes({ url: front.url }).videos.upload(filmPath, { resumable: true })
  assert.equal(killed, 1)
  assert.equal(video.checksum, checksumOf(film))
  const rushes = createRushes({ url: second.url })
  assert.equal((await rushes.videos.untilReady(video.id)).playable, true)
  const streamed = await fetch(rushes.videos.streamUrl(video.id))
  assert.deepEqual(Buffer.from(await streamed.arrayBuffer()), film)
})

/** Passes bytes on; once 100 kB of one connection went through, the rest of it is lost with the server behind. */
async function frontDoor(target: string, fall: (retarget: (url: string) => void) => Promise<void>) {
  let behind = target
  let fallen = false
  const open = new Set<Socket>()
  const server = createServer(client => {
    const upstream = connect(Number(new URL(behind).port), '127.0.0.1')
    let passed = 0
    open.add(client)
    client.on('data', chunk => {
      if (fallen && behind === target) return
      passed += chunk.length
      upstream.write(chunk, () => {
        if (passed <= 100_000 || fallen) return
        fallen = true
        void fall(url => {
          behind = url
          client.destroy()
        })
      })
    })
    client.on('close', () => {
      open.delete(client)
      upstream.destroy()
    })
    client.on('error', () => {})
    upstream.on('error', () => client.destroy())
    upstream.on('close', () => client.destroy())
    upstream.pipe(client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
