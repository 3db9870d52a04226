import assert from 'node:assert/strict'
import { once } from 'node:events'
import { appendFile, readFile } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { WebSocket } from 'ws'
import { createRushes, type NewApiKey, type RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { allSay, connectSocketIo, knockAtAll, plainAddress } from './every-door.ts'

/** Five are promised; on a machine that does much else, the test itself takes some. */
const withinSeconds = 10
/** More than waits in a connection that nobody reads from. */
const padBytes = 40_000_000

let app: TestApp
let id: string
/** Its first bytes tell that it is a film. */
let beginning: Buffer
let made: NewApiKey
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: 'a key that is long enough' } })
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  // A box of nothing, which players skip: the film is long to send.
  const box = Buffer.alloc(padBytes)
  box.writeUInt32BE(padBytes)
  box.write('free', 4)
  await appendFile(film, box)
  beginning = (await readFile(film)).subarray(0, 200_000)
  id = (await app.rushes.videos.upload(film)).id
  await app.rushes.videos.untilReady(id)
})
after(() => app[Symbol.asyncDispose]())
beforeEach(async () => {
  made = await app.rushes.keys.create('to be revoked')
})

const revoke = () => app.rushes.keys.revoke(made.key.id)
const bearer = () => ({ authorization: `Bearer ${made.secret}` })
const holder = () => createRushes({ url: app.url, token: made.secret })

/** Asks, and leaves what is answered unread. */
async function open(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const { method = 'GET', headers = bearer() } = options
  const asking = request(new URL(path, app.url), { method, headers, agent: false })
  asking.on('error', () => {})
  if (method === 'GET') asking.end()
  return asking
}
async function answered(asking: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  answer.on('error', () => {})
  return answer
}
/** True when the connection ended with the answer incomplete. */
async function isCut(answer: IncomingMessage): Promise<boolean> {
  answer.resume()
  await until('the connection ends', () => answer.closed, withinSeconds)
  return !answer.complete
}

test('nobody gets in by a revoked key, at any door, and no address that it signed opens', async () => {
  const { stream, thumbnail, captions } = await holder().videos.signedUrls(id)
  const notes = await holder().videos.notesUrl(id, 'csv')
  assert.deepEqual(await knockAtAll(app.url, id, made.secret), allSay('open'))
  assert.equal((await fetch(thumbnail)).status, 200)
  await revoke()
  assert.deepEqual(await knockAtAll(app.url, id, made.secret), allSay('auth.invalid'))
  for (const url of [stream, thumbnail, captions, notes]) assert.equal((await fetch(url)).status, 401, url)
})

test('its sockets are closed, and hear why', async () => {
  const room = await holder().rooms.join(id)
  const closed = new Promise<RushesError>(resolve => room.on('closed', resolve))
  const socket = connectSocketIo(app.url, { token: made.secret })
  const told = new Promise<{ error: { code: string } }>(resolve => socket.on('access.ended', resolve))
  await once(socket as never, 'connect')
  const plain = new WebSocket(plainAddress(app.url, id, made.secret))
  const frames: { type: string; error?: { code: string } }[] = []
  plain.on('message', data => frames.push(JSON.parse(String(data))))
  await until('it is in the room', () => frames.some(({ type }) => type === 'room.join'))
  const ended = once(plain, 'close')
  await revoke()
  assert.equal((await told).error.code, 'auth.invalid')
  assert.equal((await closed).code, 'auth.invalid')
  const [code, reason] = await ended
  assert.deepEqual([code, String(reason), frames.at(-1)?.type], [1008, 'auth.invalid', 'access.ended'])
  assert.equal(frames.at(-1)?.error?.code, 'auth.invalid')
})

test('a plain socket that never hangs up neither asks nor hears any more, and is hung up on', async () => {
  const plain = new WebSocket(plainAddress(app.url, id, made.secret), { autoPong: false })
  const frames: { type: string }[] = []
  plain.on('message', data => frames.push(JSON.parse(String(data))))
  await until('it is in the room', () => frames.some(({ type }) => type === 'room.join'))
  // What it would send back by itself is held.
  const { _socket: raw } = plain as unknown as { _socket: import('node:net').Socket }
  const send = raw.write.bind(raw)
  raw.write = (() => true) as typeof raw.write
  raw.end = (() => raw) as typeof raw.end
  await revoke()
  await until('it hears why', () => frames.at(-1)?.type === 'access.ended', withinSeconds)
  send(maskedText(JSON.stringify({ type: 'message.send', clientId: 'late', body: 'still here' })))
  await until('it is hung up on', () => raw.destroyed || raw.readableEnded, withinSeconds)
  const { items } = await app.rushes.videos.messages(id)
  assert.ok(items.every(({ body }) => body !== 'still here'))
})

/** A frame as clients send them (RFC 6455, section 5.2), with a mask of zeros. */
function maskedText(text: string): Buffer {
  const body = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body])
}

test('its streams of events end, and a long poll is answered', async () => {
  const stream = await answered(
    await open(`/api/videos/${id}/events`, { headers: { ...bearer(), accept: 'text/event-stream' } }),
  )
  const seq = (await app.rushes.videos.events(id)).at(-1)?.seq ?? 0
  // Listened to from now on: it may be answered while others are waited for.
  const poll = open(`/api/videos/${id}/events?since=${seq}&waitSeconds=50`).then(answered)
  const refused = assert.rejects(holder().videos.follow(id, { since: seq }).next(), { code: 'auth.invalid' })
  await once(stream, 'data')
  await revoke()
  stream.resume()
  await until('the stream ends', () => stream.closed, withinSeconds)
  assert.equal((await poll).statusCode, 401)
  await refused
})

test('films under way are cut: by the key, by an address that it signed, and from a player that asks again and again', async () => {
  const { stream } = await holder().videos.signedUrls(id)
  const signed = new URL(stream)
  const paths = [`/api/videos/${id}/stream`, `/api/videos/${id}/stream?download=1`]
  const byKey = await Promise.all(paths.map(async path => answered(await open(path))))
  const byAddress = await answered(await open(signed.pathname + signed.search, { headers: {} }))
  const range = { headers: { range: 'bytes=0-9' } }
  assert.equal((await fetch(signed, range)).status, 206)
  await revoke()
  assert.equal((await fetch(signed, range)).status, 401, 'at once, where it was revoked')
  for (const answer of [...byKey, byAddress]) assert.ok(await isCut(answer))
})

test('uploads under way are refused, and nothing is taken in', async () => {
  const total = (await app.rushes.videos.list()).items.length
  const form = await open('/api/videos/upload', {
    method: 'POST',
    headers: { ...bearer(), 'content-type': 'multipart/form-data; boundary=b', 'content-length': '1000000' },
  })
  form.write('--b\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n')
  form.write(beginning)
  const tus = { ...bearer(), 'tus-resumable': '1.0.0' }
  const created = await fetch(`${app.url}/api/uploads/resumable`, {
    method: 'POST',
    headers: { ...tus, 'upload-length': '1000000' },
  })
  const location = new URL(created.headers.get('location') ?? '', `${app.url}/api/uploads/resumable`)
  const part = await open(location.pathname, {
    method: 'PATCH',
    headers: {
      ...tus,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': '1000000',
    },
  })
  part.write(beginning)
  const [formAnswer, partAnswer] = [answered(form), answered(part)]
  await revoke()
  assert.equal((await formAnswer).statusCode, 401)
  assert.equal((await partAnswer).statusCode, 401)
  await until('both are hung up on', () => form.destroyed && part.destroyed, withinSeconds)
  assert.equal((await app.rushes.videos.list()).items.length, total)
})

test('a key that revokes itself is answered', async () => {
  await holder().keys.revoke(made.key.id)
  await assert.rejects(holder().keys.list(), { code: 'auth.invalid' })
  await assert.rejects(app.rushes.keys.revoke(made.key.id), { code: 'key.not_found', status: 404 })
})

test('a rotated key has another secret: the old one, and what it signed, end at once, or after the grace', async () => {
  const signed = async (token: string) => (await createRushes({ url: app.url, token }).videos.signedUrls(id)).thumbnail
  const [first, byFirst] = [made.secret, await signed(made.secret)]
  const socket = await holder().rooms.join(id)
  const closed = new Promise<RushesError>(resolve => socket.on('closed', resolve))

  const second = await holder().keys.rotate(made.key.id)
  assert.deepEqual([second.key.id, second.key.name], [made.key.id, made.key.name])
  assert.deepEqual(await knockAtAll(app.url, id, first), allSay('auth.invalid'))
  assert.deepEqual(await knockAtAll(app.url, id, second.secret), allSay('open'))
  assert.equal((await fetch(byFirst)).status, 401)
  assert.equal((await closed).code, 'auth.invalid')

  const bySecond = await signed(second.secret)
  const third = await app.rushes.keys.rotate(made.key.id, { graceSeconds: 5 })
  assert.ok(third.key.previousUntil)
  for (const secret of [second.secret, third.secret])
    assert.deepEqual(await knockAtAll(app.url, id, secret), allSay('open'))
  await until('the grace is over', async () => (await fetch(bySecond)).status === 401, 5 + withinSeconds)
  assert.deepEqual(await knockAtAll(app.url, id, second.secret), allSay('auth.invalid'))
  assert.deepEqual(await knockAtAll(app.url, id, third.secret), allSay('open'))
})
