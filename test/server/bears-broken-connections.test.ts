import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { makeFilm } from '../support/make-film.ts'
import { openRaw, upgradeTo } from '../support/raw-connection.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

// A fault that nobody hears ends the process of these tests: it fails the test that runs.
const key = 'a key that is long enough'
let app: TestApp
before(async () => {
  app = await startTestApp({ env: { RUSHES_API_KEY: key, TRANSCRIBER: 'none' } })
})
after(() => app[Symbol.asyncDispose]())

const room = '/ws/chat/0190aaaa-0000-7000-8000-000000000000'
const isServed = async () => assert.equal((await fetch(`${app.url}/openapi.json`)).status, 200)

/** Resets one connection after another, each a little later after it wrote. */
async function reset(text: string | Buffer, count: number): Promise<void> {
  const port = Number(new URL(app.url).port)
  for (let turn = 0; turn < count; turn++) {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(text)
        const end = () => {
          socket.resetAndDestroy()
          resolve()
        }
        if (turn % 8 === 0) setImmediate(end)
        else setTimeout(end, (turn % 8) * 0.5)
      })
      socket.on('error', (fault: NodeJS.ErrnoException) => fault.code === 'ECONNREFUSED' && reject(fault))
    })
  }
}

for (const [path, headers] of [
  [`${room}?token=wrong`, {}],
  [`${room}?token=${encodeURIComponent(key)}`, {}],
  [`${room}`, { authorization: `Bearer ${key}` }],
  ['/ws/chat/none', {}],
  ['/', {}],
  ['/api/uploads/resumable/x', {}],
  ['/socket.io/?EIO=4&transport=websocket', {}],
  ['/socket.io/?EIO=3&transport=websocket', {}],
  ['/socket.io/?EIO=4&transport=nothing', {}],
  ['/socket.io/?EIO=4&transport=websocket&sid=unknown', {}],
] as const) {
  test(`an upgrade to ${path.replace(/[0-9a-f-]{36}/, ':id')} that is reset harms nobody`, async () => {
    await reset(upgradeTo(path, headers), 60)
    await isServed()
  })
}

test('a whole request is answered, whatever comes behind it that is none', async () => {
  const asked = `GET /api/videos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`
  const behind = ['{"a":1}', 'junk\r\n\r\n', '\0\0\0\0', '{"a":1}'.repeat(5000)]
  for (const junk of behind)
    for (const earlier of [0, 1, 2]) {
      using raw = await openRaw(app.url, asked.repeat(earlier))
      await until('what came before is answered', () => raw.received.split('HTTP/1.1 200 OK').length > earlier)
      raw.socket.write(asked + junk)
      await raw.closed
      const answers = raw.received.split('HTTP/1.1 200 OK')
      assert.equal(answers.length, earlier + 2, `${junk.slice(0, 10)} after ${earlier}: ${raw.received}`)
      assert.match(answers.at(-1) ?? '', /^Connection: close\r$/im)
      assert.match(answers.at(-1) ?? '', /\{"items":.*\}$/s)
    }
})

test('a body that can not be read is refused, and nobody waits for its rest', async () => {
  const head = `POST /api/videos/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`
  using raw = await openRaw(app.url, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\nno length\r\n`)
  await raw.closed
  assert.match(raw.received, /^HTTP\/1.1 400 .*request.malformed/s)
})

test('what is no HTTP is refused or hung up on, however it ends', async () => {
  const clientHello = Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), randomBytes(500)])
  const texts = [
    clientHello,
    randomBytes(2000),
    'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(5000)}\r\n`,
    'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'POST /api/videos/upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnothex\r\n',
    'POST /api/videos/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET //socket.io/?x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nExpect: the unexpected\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
  ]
  for (const text of texts) {
    using raw = await openRaw(app.url, '')
    raw.socket.write(text)
    raw.socket.end()
    await raw.closed
    assert.match(raw.received, /^$|^HTTP\/1\.1 4/, JSON.stringify(String(text).slice(0, 40)))
    await reset(Buffer.from(text), 8)
  }
  await isServed()
})

test('a protocol other than WebSocket that is offered is not taken up, and the request is answered', async () => {
  const offer = 'GET /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n'
  using raw = await openRaw(app.url, offer)
  await raw.closed
  assert.match(raw.received, /^HTTP\/1\.1 200/)
})

test('a socket that is reset in the middle of a frame harms nobody', async () => {
  const open = `${room}?token=${encodeURIComponent(key)}`
  for (const [path, frame] of [
    [open, [0x81, 0xfe, 0x01]],
    [open, [0xf3, 0x00, 1, 2, 3]],
    [open, [0x88, 0x80 | 1, 0, 0, 0, 0, 7]],
    ['/socket.io/?EIO=4&transport=websocket', [0x81, 0xfe, 0x01]],
    ['/socket.io/?EIO=4&transport=websocket', [0xf3, 0x00, 1, 2, 3]],
  ] as const) {
    for (let turn = 0; turn < 10; turn++) {
      using raw = await openRaw(app.url, upgradeTo(path))
      await until('it is a socket', () => raw.received.includes('101 Switching'))
      raw.socket.write(Buffer.from(frame))
      if (turn > 0) await delay(turn / 4)
      raw.socket.resetAndDestroy()
      await raw.closed
    }
  }
  await isServed()
})

test('an upload that is reset at any stage harms nobody, and can be sent again', async () => {
  const authorization = `Bearer ${key}`
  const json = { authorization, 'content-type': 'application/json' }
  const body = '{"filename":"a.mp4","sizeBytes":300000}'
  const announced = await fetch(`${app.url}/api/videos/upload`, { method: 'POST', headers: json, body })
  const { upload } = (await announced.json()) as { upload: { id: string } }
  const tus = { authorization, 'tus-resumable': '1.0.0' }
  const created = await fetch(`${app.url}/api/uploads/resumable`, {
    method: 'POST',
    headers: { ...tus, 'upload-length': '300000' },
  })
  const { pathname: part } = new URL(created.headers.get('location') ?? '', `${app.url}/api/uploads/`)
  const offset = async () =>
    Number((await fetch(app.url + part, { method: 'HEAD', headers: tus })).headers.get('upload-offset'))
  const checksum = `Upload-Checksum: sha256 ${Buffer.alloc(32).toString('base64')}\r\n`
  // As far as anybody gets to look it is a film: what is none is refused for good.
  const filmHead = Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isommp41', 'latin1')
  for (let turn = 0; turn < 24; turn++) {
    const head = (line: string, type: string, more = '') =>
      `${line} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: ${type}\r\n${more}Content-Length: 300000\r\n\r\n`
    const tusHead = `Tus-Resumable: 1.0.0\r\nUpload-Offset: ${turn % 3 === 2 ? await offset() : 0}\r\n`
    const texts = [
      head(`PUT /api/uploads/${upload.id}`, 'video/mp4'),
      head(`PATCH ${part}`, 'application/offset+octet-stream', tusHead + (turn % 2 ? checksum : '')),
      head('POST /api/uploads/resumable', 'application/offset+octet-stream', `${tusHead}Upload-Length: 300000\r\n`),
    ]
    using raw = await openRaw(app.url, texts[turn % 3] ?? '')
    for (let piece = 0; piece < turn / 4; piece++) raw.socket.write(piece ? randomBytes(piece * 10_000) : filmHead)
    if (turn % 4 > 0) await delay(turn)
    raw.socket.resetAndDestroy()
    await raw.closed
  }
  await isServed()
  await until('it is waited for', async () => {
    const state = await (await fetch(`${app.url}/api/uploads/${upload.id}`, { headers: json })).json()
    return (state as { upload: { status: string } }).upload.status === 'waiting'
  })
  assert.ok((await offset()) < 300_000)
})

test('a player that is reset in the middle of a film harms nobody', async () => {
  const path = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  const { id } = await app.rushes.videos.upload(path)
  const head = (range: string, method = 'GET') =>
    `${method} /api/videos/${id}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n${range}\r\n`
  for (const text of [
    head(''),
    head('Range: bytes=0-\r\n'),
    head('Range: bytes=0-1,5-9\r\n'),
    head('', 'HEAD'),
    head('').repeat(5),
  ])
    await reset(text, 16)
  await isServed()
})
