import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { io, type Socket } from 'socket.io-client'
import { createRushes, RushesError } from '../../client-sdk/src/index.ts'
import { type SocketRequestName, socketRequests } from '../../shared/index.ts'
import { emptyRoom } from '../support/people.ts'
import { openPlainSocket } from '../support/plain-socket.ts'
import { fittingPayloads } from '../support/socket-payloads.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const key = 'a key that is long enough'
let open: TestApp
let locked: TestApp
before(async () => {
  open = await startTestApp()
  locked = await startTestApp({ env: { RUSHES_API_KEY: key } })
})
after(async () => {
  await open[Symbol.asyncDispose]()
  await locked[Symbol.asyncDispose]()
})

const connect = (url: string, options: object = {}): Socket =>
  io(`${url}/rooms`, { transports: ['websocket'], forceNew: true, reconnection: false, ...options })
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code

test('a malformed request is answered with what is wrong, and an unknown one too', async () => {
  const socket = connect(open.url)
  const answers = await Promise.all([
    socket.emitWithAck('message.send', { videoId: 'no id', clientId: 7 }),
    socket.emitWithAck('message.send'),
    socket.emitWithAck('room.destroy', {}),
    socket.emitWithAck('__proto__', {}),
    socket.emitWithAck('room.join', { videoId: '0190aaaa-0000-7000-8000-000000000000' }),
  ])
  assert.deepEqual(
    answers.map(answer => answer.error.code),
    ['request.invalid', 'request.invalid', 'request.unknown_event', 'request.unknown_event', 'video.not_found'],
  )
  assert.match(answers[0].error.message, /videoId.*clientId/s)
  socket.close()
})

test('whoever is not in a room may neither talk nor listen in it, by either door', async () => {
  const videoId = await emptyRoom(open)
  const requests = Object.entries(fittingPayloads(videoId)).filter(([name]) => {
    const { about, from } = socketRequests[name as SocketRequestName]
    return from === 'inside' && about !== 'found'
  })
  const socket = connect(open.url)
  using plain = await openPlainSocket(open, videoId)
  await plain.ask('room.leave', {})
  assert.ok(requests.length >= 15)
  for (const [name, payload] of requests) {
    const answer = await socket.emitWithAck(name, payload)
    assert.equal(answer.error?.code, 'room.not_joined', name)
    assert.equal((await plain.ask(name, payload)).error?.code, 'room.not_joined', `plain ${name}`)
  }
  assert.equal(
    (await plain.ask('library.join', {})).error?.code,
    'room.not_joined',
    'a plain one is for its room alone',
  )
  assert.equal((await socket.emitWithAck('room.join', { videoId })).ok, true)
  assert.equal((await socket.emitWithAck('room.replay', { videoId, since: 0 })).ok, true)
  socket.close()
})

test('with a key set, nothing but health and the contract is answered without one', async () => {
  assert.equal(await codeOf(await fetch(`${locked.url}/api/videos`)), 'auth.required')
  assert.equal(
    await codeOf(await fetch(`${locked.url}/api/videos`, { headers: { authorization: 'Bearer wrong' } })),
    'auth.invalid',
  )
  assert.equal(await codeOf(await fetch(`${locked.url}/metrics`)), 'auth.required')
  for (const path of ['/health', '/health/ready', '/openapi.json'])
    assert.equal((await fetch(locked.url + path)).status, 200)
  assert.deepEqual((await locked.rushes.videos.list()).items, [])
  await assert.rejects(
    createRushes({ url: locked.url, token: 'wrong' }).videos.list(),
    (fault: unknown) => fault instanceof RushesError && fault.code === 'auth.invalid',
  )
})

test('a socket without a valid key is turned away with the same failure', async () => {
  const socket = connect(locked.url, { auth: { token: 'wrong' } })
  const [fault] = (await once(socket as never, 'connect_error')) as [Error & { data: { error: { code: string } } }]
  assert.equal(fault.data.error.code, 'auth.invalid')
  const welcome = connect(locked.url, { auth: { token: key } })
  await once(welcome as never, 'connect')
  welcome.close()
})

test('without a key, web pages of other origins and rebound host names are turned away', async () => {
  const foreign = await fetch(`${open.url}/api/videos`, { headers: { origin: 'https://elsewhere.example' } })
  assert.deepEqual([foreign.status, await codeOf(foreign)], [403, 'auth.foreign_origin'])
  const own = await fetch(`${open.url}/api/videos`, { headers: { origin: open.url } })
  assert.equal(own.status, 200)
  const socket = connect(open.url, { extraHeaders: { origin: 'https://elsewhere.example' } })
  const [fault] = (await once(socket as never, 'connect_error')) as [Error & { data: { error: { code: string } } }]
  assert.equal(fault.data.error.code, 'auth.foreign_origin')
})

test('a path whose id is none says what there is not', async () => {
  const codes = [
    ['/api/videos/none', 'video.not_found'],
    ['/api/videos/none/events', 'video.not_found'],
    ['/api/uploads/none', 'upload.not_found'],
  ]
  for (const [path, code] of codes) assert.equal(await codeOf(await fetch(`${open.url}${path}`)), code, path)
  assert.equal(await codeOf(await fetch(`${open.url}/api/keys/none`, { method: 'DELETE' })), 'key.not_found')
})

test('a path with another method is 405, an unknown path is 404, each in the shape of a failure', async () => {
  assert.equal(await codeOf(await fetch(`${open.url}/api/videos`, { method: 'PUT' })), 'request.method_not_allowed')
  assert.equal(await codeOf(await fetch(`${open.url}/api/nowhere`)), 'request.unknown_route')
  const malformed = { method: 'PATCH', body: '{"title":', headers: { 'content-type': 'application/json' } }
  const id = '0190aaaa-0000-7000-8000-000000000000'
  assert.equal(await codeOf(await fetch(`${open.url}/api/videos/${id}`, malformed)), 'request.malformed_json')
  assert.equal(
    await codeOf(await fetch(`${open.url}/api/videos/${id}`, { ...malformed, body: '{"title":""}' })),
    'request.invalid',
  )
  assert.equal(await codeOf(await fetch(`${open.url}/api/videos/none`)), 'video.not_found')
})
