import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { io } from 'socket.io-client'
import { createRushes, type Rushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { type Nginx, nginxMissing, startNginx } from '../support/nginx.ts'
import { emptyRoom, enterAs } from '../support/people.ts'
import { openPlainSocket } from '../support/plain-socket.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const skip = { skip: nginxMissing }
const [here, there] = ['127.0.0.1', '127.0.0.2']

/** The block of docs/deploy.md, but for where it listens and leads to: there are no certificates here. */
async function ofTheDocs(listenOn: string, leadsTo: string): Promise<string> {
  const docs = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8')
  const [, block = ''] = /```nginx\n(server \{.*?)```/s.exec(docs) ?? []
  assert.match(block, /listen 443 ssl;/)
  assert.match(block, /proxy_pass http:\/\/127\.0\.0\.1:4000;/)
  const plain = block.replace(/ssl_certificate.*;\n/g, '').replace('listen 443 ssl;', `listen ${listenOn};`)
  return plain.replace('http://127.0.0.1:4000', leadsTo)
}

let app: TestApp
let nginx: Nginx
let rushes: Rushes
before(async () => {
  if (nginxMissing) return
  const pace = { MESSAGES_PER_SECOND: '0.001', MESSAGES_BURST: '1' }
  app = await startTestApp({ env: { TRANSCRIBER: 'none', TRUSTED_PROXIES: here, ...pace } })
  nginx = await startNginx(listenOn => ofTheDocs(listenOn, app.url))
  rushes = createRushes({ url: nginx.url })
})
after(async () => {
  await nginx?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
})

async function sayOverHttp(localAddress: string, videoId: string): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json' }
  const asked = request(`${nginx.url}/api/videos/${videoId}/messages`, { method: 'POST', headers, localAddress })
  asked.end(JSON.stringify({ body: 'hello' }))
  const [response] = await once(asked, 'response')
  response.resume()
  return response.statusCode
}

test('over HTTP two callers behind it have a pace each', skip, async () => {
  const videoId = await emptyRoom(app)
  const said = []
  for (const from of [here, here, there, there]) said.push(await sayOverHttp(from, videoId))
  assert.deepEqual(said, [201, 429, 201, 429])
})

test('by Socket.IO, too', skip, async () => {
  const videoId = await emptyRoom(app)
  const sayFrom = async (localAddress: string) => {
    const socket = io(`${nginx.url}/rooms`, { transports: ['websocket'], forceNew: true, ...{ localAddress } })
    try {
      await socket.timeout(10_000).emitWithAck('room.join', { videoId })
      return await socket.timeout(10_000).emitWithAck('message.send', { videoId, clientId: localAddress, body: 'hi' })
    } finally {
      socket.disconnect()
    }
  }
  for (const from of [here, there]) assert.equal((await sayFrom(from)).ok, true, from)
})

test('by plain WebSocket, too', skip, async () => {
  const videoId = await emptyRoom(app)
  for (const localAddress of [here, there]) {
    using socket = await openPlainSocket({ url: nginx.url, localAddress }, videoId)
    const { ok } = await socket.ask('message.send', { clientId: localAddress, body: 'hi' })
    assert.equal(ok, true, localAddress)
  }
})

test('uploads in every way, ranges, events as they happen and rooms pass through it', skip, async () => {
  const path = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  const bytes = await readFile(path)
  const { id } = await rushes.videos.upload(path)
  const inParts = await makeFilm(join(app.dataDirectory, 'other.mp4'), { seconds: 3 })
  await rushes.videos.upload(inParts, { resumable: true })
  const room = await enterAs(nginx, 'Ada', id)
  const part = await fetch(`${nginx.url}/api/videos/${id}/stream`, { headers: { range: 'bytes=100-199' } })
  assert.equal(part.status, 206)
  assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200)))
  const heard: string[] = []
  for await (const { type } of rushes.videos.follow(id, { signal: AbortSignal.timeout(60_000) })) {
    heard.push(type)
    // Said while the stream is open: an answer that is held back would never come to its end.
    if (type === 'video.ready') await room.send({ body: 'hello' })
    if (type === 'message.created') break
  }
  assert.ok(heard.includes('video.created'))
  await room.leave()
})
