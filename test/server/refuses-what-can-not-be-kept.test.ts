import assert from 'node:assert/strict'
import { once } from 'node:events'
import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { io, type Socket } from 'socket.io-client'
import type { Message, Video } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { emptyRoom } from '../support/people.ts'
import { openPlainSocket } from '../support/plain-socket.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
let id: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MESSAGES_PER_SECOND: '0' } })
  id = await emptyRoom(app)
})
after(() => app[Symbol.asyncDispose]())

interface Refusal {
  status: number
  code: string
  message: string
}
async function ask(path: string, init: RequestInit = {}): Promise<Refusal> {
  const answer = await fetch(app.url + path, init)
  const { error } = (await answer.json()) as { error?: { code: string; message: string } }
  return { status: answer.status, code: error?.code ?? 'none', message: error?.message ?? '' }
}
const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const connect = (auth: object = {}): Socket =>
  io(`${app.url}/rooms`, { transports: ['websocket'], forceNew: true, reconnection: false, auth })
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

const bad = { 'a NUL': 'a\0b', 'half a character': 'a\ud800b' }

test('text that no database can hold is refused by every HTTP door, with where it stands', async () => {
  const askings: Record<string, (text: string) => [string, RequestInit?]> = {
    title: text => [`/api/videos/${id}`, json('PATCH', { title: text })],
    filename: text => ['/api/videos/upload', json('POST', { filename: text })],
    captions: text => ['/api/videos/upload', json('POST', { filename: 'a', captions: `WEBVTT\n\n${text}` })],
    body: text => [`/api/videos/${id}/messages`, json('POST', { body: text })],
    author: text => [`/api/videos/${id}/messages`, json('POST', { body: 'x', author: text })],
    clientId: text => [`/api/videos/${id}/messages`, json('POST', { body: 'x', clientId: text })],
    person: text => [`/api/videos/${id}/messages`, json('POST', { body: 'x', person: text.padEnd(20, 'p') })],
    mentions: text => [`/api/videos/${id}/messages`, json('POST', { body: 'x', mentions: ['m', text] })],
    question: text => [`/api/videos/${id}/ask`, json('POST', { question: text })],
    unheardOf: text => [`/api/videos/${id}/messages`, json('POST', { body: 'x', unheardOf: { deep: [text] } })],
  }
  for (const [member, asking] of Object.entries(askings))
    for (const [what, text] of Object.entries(bad)) {
      const { status, code, message } = await ask(...asking(text))
      assert.deepEqual([status, code], [422, 'request.invalid'], `${what} in ${member}: ${message}`)
      assert.match(message, new RegExp(`: ${member}`), `${what} in ${member}`)
    }
  assert.equal((await ask(`/api/videos/${id}`, json('PATCH', { title: 'x', 'na\0me': 1 }))).code, 'request.invalid')
})

test('a NUL in an address is refused as well', async () => {
  const addresses: [string, string][] = [
    ['GET', '/api/videos?q=a%00b'],
    ['GET', '/api/videos?cursor=%00'],
    ['GET', '/api/search?q=a%00b'],
    ['GET', `/api/videos/${id}/search?q=%00`],
    ['GET', `/api/videos/${id}/messages?before=%00`],
    ['GET', '/api/uploads/x%00y'],
    ['PUT', '/api/uploads/x%00y'],
    ['DELETE', '/api/uploads/x%00y'],
    ['POST', '/api/uploads/x%00y/complete'],
    ['GET', '/api/videos/x%00y'],
  ]
  for (const [method, path] of addresses) {
    const { status, code } = await ask(path, { method })
    assert.deepEqual([status, code], [422, 'request.invalid'], `${method} ${path}`)
  }
})

test('a form and a resumable upload may not be titled so either; the name of a file is mended', async () => {
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  const form = new FormData()
  form.set('title', 'a\0b')
  form.set('file', await openAsBlob(film), 'film.mp4')
  assert.equal((await ask('/api/videos/upload', { method: 'POST', body: form })).code, 'request.invalid')

  const begin = (metadata: Record<string, string>) =>
    fetch(`${app.url}/api/uploads/resumable`, {
      method: 'POST',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '1000',
        'upload-metadata': Object.entries(metadata)
          .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
          .join(),
      },
    })
  assert.equal((await begin({ filename: 'a.mp4', title: 'a\0b' })).status, 422)
  assert.equal((await begin({ filename: 'a\0b.mp4' })).status, 201)

  // Cut at 200, within the last emoji, if nobody looked.
  const long = `${'x'.repeat(199)}🎬.mp4`
  const { video } = await app.rushes.videos.createDirectUpload({ filename: long })
  assert.equal(video.filename, 'x'.repeat(199))
})

test('sockets are answered the same, by both doors', async () => {
  const socket = connect({ name: 'Ada' })
  using plain = await openPlainSocket(app, id)
  assert.equal((await socket.emitWithAck('room.join', { videoId: id })).ok, true)
  const payloads: [string, object][] = [
    ...Object.values(bad).flatMap((text): [string, object][] => [
      ['message.send', { videoId: id, clientId: 'c', body: text }],
      ['message.send', { videoId: id, clientId: text, body: 'x' }],
      ['message.react', { videoId: id, messageId: id, emoji: text, on: true }],
      ['playback.hand', { videoId: id, to: text }],
    ]),
    ['room.replay', { videoId: id, since: 2 ** 31 }],
    ['room.join', { videoId: id, since: 3e9 }],
    ['room.read', { videoId: id, seq: 2 ** 53 }],
    ['playhead.set', { videoId: id, atSeconds: 1e308, playing: true, rate: 1 }],
    ['playback.lead', { videoId: id, atSeconds: 1, playing: true, rate: 1, clockMs: 1e300 }],
    ['clock.read', { deep: JSON.parse(nested(500)) }],
  ]
  for (const [name, payload] of payloads) {
    const shown = JSON.stringify(payload).slice(0, 100)
    assert.equal((await socket.emitWithAck(name, payload)).error?.code, 'request.invalid', `${name} ${shown}`)
    assert.equal((await plain.ask(name, payload)).error?.code, 'request.invalid', `plain ${name} ${shown}`)
  }
  assert.equal((await socket.emitWithAck('message.send', Buffer.from('x'))).error?.code, 'request.invalid')
  assert.equal((await socket.emitWithAck('clock.read', { bytes: Buffer.from('x') })).error?.code, 'request.invalid')
  assert.equal((await socket.emitWithAck('clock.read', {}, 'more', 7)).ok, true)
  socket.close()
})

test('an event that is called by a number, or without anybody who waits, is refused and harms nobody', async () => {
  const socket = connect()
  const named = socket as unknown as { emitWithAck(name: unknown): Promise<{ error?: { code: string } }> }
  assert.equal((await named.emitWithAck(7)).error?.code, 'request.unknown_event')
  for (const name of ['error', 'message', 'toString', '']) socket.emit(name, { a: 1 })
  assert.equal((await socket.emitWithAck('clock.read', {})).ok, true)
  socket.close()
})

test('who says to be called so is let in under a name that can be kept; nothing else in a handshake is mended', async () => {
  const socket = connect({ name: 'N\0\ud800x' })
  assert.equal((await socket.emitWithAck('room.join', { videoId: id })).ok, true)
  const said = await socket.emitWithAck('message.send', { videoId: id, clientId: 'mended', body: 'hello' })
  assert.equal((said.message as Message).author, 'N\ufffd\ufffdx')
  socket.close()
  using plain = await openPlainSocket(app, id, { name: 'a\0b' })
  const answer = await plain.ask('message.send', { clientId: 'mended', body: 'hello' })
  assert.equal((answer.message as Message).author, 'a\ufffdb')

  for (const auth of [
    { person: 'a\0b'.padEnd(20) },
    { unheardOf: 'a\ud800b' },
    { unheardOf: JSON.parse(nested(500)) },
  ]) {
    const refused = connect({ name: 'Ada', ...auth })
    const [fault] = (await once(refused as never, 'connect_error')) as [Error & { data: { error: { code: string } } }]
    assert.equal(fault.data.error.code, 'request.invalid')
  }
  await assert.rejects(openPlainSocket(app, id, { person: 'a\0b'.padEnd(20) }), /422/)
})

test('a long name is cut between characters', async () => {
  const ada = connect({ name: `${'x'.repeat(59)}🎬` })
  assert.equal((await ada.emitWithAck('room.join', { videoId: id })).ok, true)
  const said = await ada.emitWithAck('message.send', { videoId: id, clientId: 'long', body: 'hello' })
  assert.equal((said.message as Message).author, 'x'.repeat(59))
  ada.close()
})

test('what is echoed is looked at first: a deep or long `requestId` is refused without it', async () => {
  using plain = await openPlainSocket(app, id)
  const refused = () => plain.frames.filter(({ error }) => error?.code === 'request.invalid')
  const given = [nested(5_000), nested(30_000), JSON.stringify('x'.repeat(10_000)), '{"a":1}', 'true', 'null']
  for (const requestId of given) plain.send(`{"type":"clock.read","requestId":${requestId}}`)
  await until('all are answered', () => refused().length === given.length)
  assert.ok(refused().every(frame => frame.requestId === undefined))
  plain.send('{"type":"clock.read","requestId":"seven"}')
  assert.equal((await until('an answer', () => plain.frames.find(({ requestId }) => requestId === 'seven'))).ok, true)
  plain.send(JSON.stringify({ type: 'y'.repeat(60_000) }))
  const unknown = await until('an answer', () => plain.frames.find(({ type }) => type.startsWith('yyy')))
  assert.ok(JSON.stringify(unknown).length < 1_000)
})

test('a body is as deep as anyone needs, and an answer about it is short', async () => {
  const path = `/api/videos/${id}/messages`
  const within = (levels: number) => json('POST', `{"body":"x","more":${nested(levels)}}`)
  assert.equal((await ask(path, within(31))).status, 201)
  assert.deepEqual(
    [(await ask(path, within(32))).code, (await ask(path, within(100_000))).code],
    ['request.invalid', 'request.invalid'],
  )
  const parts = Array.from({ length: 9_000 }, () => ({ number: 0, etag: '' }))
  const many = await ask('/api/uploads/nobody/complete', json('POST', { parts }))
  assert.equal(many.code, 'request.invalid')
  assert.match(many.message, /and \d+ more$/)
  assert.ok(many.message.length < 2_000)
  const longNames = await ask(path, json('POST', { body: 'x', ['n'.repeat(50_000)]: 'a\0b' }))
  assert.ok(longNames.message.length < 500)
  assert.ok((await ask(`/api/${'x'.repeat(10_000)}`)).message.length < 2_100)
})

test('a place in the log beyond all numbers is refused by every door, and one ahead of it hears what comes', async () => {
  const events = `/api/videos/${id}/events`
  const asStream = { accept: 'text/event-stream' }
  assert.equal((await ask(`${events}?since=2147483648`)).code, 'request.invalid')
  assert.equal((await ask(`${events}?since=2147483648&waitSeconds=50`)).code, 'request.invalid')
  assert.equal((await ask(`${events}?since=3e9`, { headers: asStream })).code, 'request.invalid')
  for (const last of ['2147483648', '-1', '1.5', 'abc', '1e300'])
    assert.equal((await ask(events, { headers: { ...asStream, 'last-event-id': last } })).status, 422, last)
  await assert.rejects(app.rushes.videos.events(id, 2 ** 31), { code: 'request.invalid' })
  using plain = await openPlainSocket(app, id, { since: '2147483648' })
  assert.equal(plain.frames.find(({ type }) => type === 'room.join')?.error?.code, 'request.invalid')

  assert.deepEqual(await ask(`${events}?since=100000`), { status: 200, code: 'none', message: '' })
  const ahead = await ask(`${events}?since=100000&waitSeconds=50`)
  assert.deepEqual([ahead.status, ahead.code], [422, 'request.invalid'], 'nobody waits for what has been')
  const heard = app.rushes.videos.follow(id, { since: 1_000_000 })
  const next = heard.next()
  const saying = setInterval(() => void app.rushes.videos.say(id, { body: 'still here' }), 300)
  const first = await next.finally(() => clearInterval(saying))
  assert.equal(first.value?.type, 'message.created')
  await heard.return(undefined)
})

test('a stream of events of which only the head is wanted ends', async () => {
  const headers = { accept: 'text/event-stream' }
  const answer = await fetch(`${app.url}/api/videos/${id}/events`, { method: 'HEAD', headers })
  assert.equal(answer.status, 200)
  // On the same connection: it is free for the next one.
  assert.equal((await fetch(`${app.url}/api/videos/${id}`)).status, 200)
})

test('the id of a video is the same in large letters, by every door', async () => {
  const large = id.toUpperCase()
  const { video } = (await (await fetch(`${app.url}/api/videos/${large}`)).json()) as { video: Video }
  assert.equal(video.id, id)
  const ada = await app.rushes.rooms.join(large, { name: 'Ada' })
  using plain = await openPlainSocket(app, large)
  const heard = new Promise<Message>(resolve => ada.on('message.created', ({ message }) => resolve(message)))
  assert.equal((await plain.ask('message.send', { videoId: large, clientId: 'large', body: 'hello' })).ok, true)
  assert.equal((await heard).body, 'hello')
  ada.leave()
})
