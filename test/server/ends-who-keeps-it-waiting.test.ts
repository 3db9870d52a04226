import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { openRaw, type RawConnection } from '../support/raw-connection.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

const patience = { headersMs: 600, bodyMs: 700, silenceMs: 500, pauseMs: 1500, lingerMs: 400, idleMs: 600 }
let app: TestApp
before(async () => {
  app = await startTestApp({ around: { patience } })
})
after(() => app[Symbol.asyncDispose]())

const head = (line: string, type: string, length = 200_000) =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`
const uploadId = 'a'.repeat(32)
const videoId = '0190aaaa-0000-7000-8000-000000000000'

/** Writes a little, again and again, until it is ended. */
async function drip(raw: RawConnection, text: string, everyMs: number): Promise<void> {
  const beat = setInterval(() => raw.socket.writable && raw.socket.write(text), everyMs)
  await raw.closed
  clearInterval(beat)
}
const isTimeout = (text: string) => assert.match(text, /^HTTP\/1\.1 408 .*"code":"request\.timeout"/s)

const silent = {
  'a public JSON body': `${head(`POST /api/uploads/${uploadId}/complete`, 'application/json')}{"parts":[`,
  'a JSON body': `${head(`PATCH /api/videos/${videoId}`, 'application/json')}{"title":`,
  'a JSON body of which nothing came': head('POST /api/videos/upload', 'application/json'),
  'a body in chunks': `POST /api/videos/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"fil`,
  'a form': `${head('POST /api/videos/upload', 'multipart/form-data; boundary=x')}--x`,
  'a form in the middle of its film': `${head('POST /api/videos/upload', 'multipart/form-data; boundary=x')}--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\nabc`,
  'the body of a poll': `${head('POST /socket.io/?EIO=4&transport=polling', 'text/plain')}4`,
}
for (const [name, text] of Object.entries(silent)) {
  test(`${name} that stays silent is ended, and told why`, async () => {
    using raw = await openRaw(app.url, text)
    await raw.closed
    // Some are refused before their body is read: they are ended, too.
    if (!/^HTTP\/1\.1 4(?!08)/.test(raw.received)) isTimeout(raw.received)
  })
}

test('a film sent to its address that stays silent is ended, and can be sent again', async () => {
  const { upload } = await announce()
  using raw = await openRaw(app.url, `${head(`PUT /api/uploads/${upload.id}`, 'video/mp4')}x`)
  await raw.closed
  isTimeout(raw.received)
  await until('it is waited for again', async () => {
    const state = (await (await fetch(`${app.url}/api/uploads/${upload.id}`)).json()) as { upload: { status: string } }
    return state.upload.status === 'waiting'
  })
})

test('a part of a resumable upload that stays silent is ended, and what came of it is kept', async () => {
  const headers = { 'tus-resumable': '1.0.0', 'upload-length': '5000' }
  const created = await fetch(`${app.url}/api/uploads/resumable`, { method: 'POST', headers })
  const { pathname } = new URL(created.headers.get('location') ?? '', `${app.url}/api/uploads/`)
  const tus = 'Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n'
  const text = `PATCH ${pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\n${tus}Content-Type: application/offset+octet-stream\r\nContent-Length: 5000\r\n\r\nabc`
  using raw = await openRaw(app.url, text)
  await raw.closed
  isTimeout(raw.received)
  await until('three bytes are kept', async () => {
    const state = await fetch(app.url + pathname, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })
    return state.headers.get('upload-offset') === '3'
  })
})

test('a body that is no film is ended although it drips, a film that drips is not', async () => {
  using json = await openRaw(app.url, `${head(`PATCH /api/videos/${videoId}`, 'application/json')}{"title":"`)
  await drip(json, 'x', 100)
  isTimeout(json.received)

  const { upload } = await announce()
  using film = await openRaw(app.url, head(`PUT /api/uploads/${upload.id}`, 'video/mp4', 20))
  // Twenty bytes: far longer than any silence may be, and than a body that is no film. Then it is refused for what it is.
  await drip(film, 'x', 100)
  assert.match(film.received, /^HTTP\/1\.1 415 /)
})

test('whoever is refused gets the answer, and may not go on sending for ever', async () => {
  using raw = await openRaw(app.url, head('POST /api/nowhere', 'text/plain', 1_000_000))
  await drip(raw, 'x', 50)
  assert.match(raw.received, /^HTTP\/1\.1 404 .*request\.unknown_route/s)
  using tus = await openRaw(app.url, head('PATCH /api/uploads/resumable/nothing', 'text/plain', 1_000_000))
  await drip(tus, 'x', 50)
  assert.match(tus.received, /^HTTP\/1\.1 4/)
})

test('headers that do not come, or drip, are ended', async () => {
  for (const text of [
    'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ',
    'GET /ws/chat/x HTTP/1.1\r\nUpgrade: websocket\r\nX-A: ',
  ]) {
    using raw = await openRaw(app.url, text)
    await drip(raw, 'x', 100)
    isTimeout(raw.received)
  }
  using nothing = await openRaw(app.url, '')
  await nothing.closed
})

test('a connection that nobody uses any more is ended', async () => {
  using raw = await openRaw(app.url, 'GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  await raw.closed
})

test('an answer that is not taken does not stay in memory', async () => {
  // Far more than the system keeps for a connection, in answers that are complete.
  const text = 'GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(200)
  using raw = await openRaw(app.url, '')
  raw.socket.pause()
  raw.socket.write(text)
  await until('it is ended', async () => !(await isOpenAtTheServer(raw)), 10)
  raw.socket.resume()
  await raw.closed
})

test('whoever waits for us may be silent', async () => {
  const events = await fetch(`${app.url}/api/videos/${(await announce()).video.id}/events`, {
    headers: { accept: 'text/event-stream' },
  })
  assert.equal(events.status, 200)
  await events.body?.cancel()
})

/** As the system sees it: whoever does not read does not learn that the other one hung up. */
async function isOpenAtTheServer({ socket }: RawConnection): Promise<boolean> {
  const inHex = (port: number | undefined) => `0100007F:${(port ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  const established = `${inHex(socket.remotePort)} ${inHex(socket.localPort)} 01`
  return (await readFile('/proc/net/tcp', 'utf8')).includes(established)
}

async function announce(): Promise<{ video: { id: string }; upload: { id: string } }> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const answer = await fetch(`${app.url}/api/videos/upload`, {
    ...request,
    body: '{"filename":"a.mp4","sizeBytes":20}',
  })
  return (await answer.json()) as { video: { id: string }; upload: { id: string } }
}
