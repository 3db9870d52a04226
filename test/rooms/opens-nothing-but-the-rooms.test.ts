import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { createRushes } from '../../client-sdk/src/index.ts'
import { openRaw, upgradeTo } from '../support/raw-connection.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

const key = 'a key that is long enough'
const most = 6
let app: TestApp
let room: string
before(async () => {
  app = await startTestApp({ env: { RUSHES_API_KEY: key, MAX_CONNECTIONS: String(most) } })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const request = { method: 'POST', headers, body: '{"filename":"a.mp4"}' }
  const answer = await fetch(`${app.url}/api/videos/upload`, request)
  const { video } = (await answer.json()) as { video: { id: string } }
  room = `/ws/chat/${video.id}?token=${encodeURIComponent(key)}`
})
after(() => app[Symbol.asyncDispose]())

const engine = '/socket.io/?EIO=4&transport=websocket'
const options = { transports: ['websocket'], forceNew: true, reconnection: false }
type Refused = Error & { data?: { error: { code: string } } }

async function refusalOf(namespace: string, more: object = {}): Promise<Refused> {
  const socket = io(app.url + namespace, { ...options, ...more })
  const [fault] = await Promise.race([once(socket as never, 'connect_error'), once(socket as never, 'connect')])
  socket.close()
  assert.ok(fault instanceof Error, `${namespace} let somebody in`)
  return fault
}
const taken = async () => {
  const metrics = await (await fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${key}` } })).text()
  return Number(/^rushes_room_connections (\d+)/m.exec(metrics)?.[1])
}
const allAreGone = () => until('no place is taken', async () => (await taken()) === 0, 60)
/** Connections of Engine.IO and of the plain door, none of which says who it is. */
const connect = (path: string) => new WebSocket(app.url.replace('http', 'ws') + path)

const outcomeOf = (socket: WebSocket) =>
  new Promise<'open' | 'refused'>(resolve => {
    socket.on('open', () => resolve('open'))
    socket.on('error', () => resolve('refused'))
  })

test('nobody is let into any namespace but the rooms, with the key or without', async () => {
  for (const auth of [{}, { token: key }])
    for (const namespace of [
      '',
      '/',
      '/admin',
      '/rooms2',
      '/rooms/',
      '/__proto__',
      '/constructor',
      `/${'x'.repeat(5000)}`,
    ])
      await refusalOf(namespace, { auth })
  const fault = await refusalOf('/', { auth: { token: key } })
  assert.equal(fault.data?.error.code, 'request.unknown_route')
  assert.equal((await refusalOf('/rooms')).data?.error.code, 'auth.required')
  await allAreGone()
})

test('a connection that asks for one namespace after another gets into none, and is ended', async () => {
  using raw = await openRaw(app.url, upgradeTo(engine))
  await until('it is open', () => raw.received.includes('"sid"'))
  const frame = (text: string) =>
    Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
  for (let turn = 0; turn < 50; turn++) raw.socket.write(frame(`40/n${turn},{}`))
  await until('it is refused', () => raw.received.includes('44/n49,'))
  assert.ok(!/40\/n\d+,\{"sid/.test(raw.received), 'it was let in')
  await raw.closed
})

test('whoever was refused in the rooms holds no place, and whoever left them neither', async () => {
  for (let turn = 0; turn < 2 * most; turn++) {
    using raw = await openRaw(app.url, upgradeTo(engine))
    await until('it is open', () => raw.received.includes('"sid"'))
    const packet = '40/rooms,{"token":"wrong"}'
    raw.socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | packet.length, 0, 0, 0, 0]), Buffer.from(packet)]))
    await until('it is refused', () => raw.received.includes('auth.invalid'))
    await allAreGone()
  }
  const socket = io(`${app.url}/rooms`, { ...options, auth: { token: key } })
  await once(socket as never, 'connect')
  assert.equal(await taken(), 1)
  socket.emit('room.leave')
  socket.disconnect()
  await allAreGone()
})

test('connections count from their first moment, whatever they are, and beyond the limit they are refused as HTTP', async () => {
  const polling = `${app.url}/socket.io/?EIO=4&transport=polling`
  await Promise.all([fetch(polling), fetch(polling)])
  const open = [connect(engine), connect(engine), connect(room), connect(room)]
  await until('all places are taken', async () => (await taken()) === most)

  for (const path of [engine, room]) {
    using raw = await openRaw(app.url, upgradeTo(path, { authorization: `Bearer ${key}` }))
    await raw.closed
    assert.match(raw.received, /^HTTP\/1\.1 503 .*"code":"server\.busy"/s)
  }
  const poll = await fetch(polling)
  assert.equal(poll.status, 503)
  assert.equal(((await poll.json()) as { error: { code: string } }).error.code, 'server.busy')
  await refusalOf('/rooms', { auth: { token: key } })
  assert.equal(await taken(), most)

  for (const socket of open) socket.terminate()
  await allAreGone()
  const socket = io(`${app.url}/rooms`, { ...options, auth: { token: key } })
  await once(socket as never, 'connect')
  socket.close()
})

test('no more than the limit get in, however many come at once', async () => {
  const many = Array.from({ length: 5 * most }, () => connect(engine))
  const outcomes = await Promise.all(many.map(outcomeOf))
  assert.equal(outcomes.filter(outcome => outcome === 'open').length, most)
  for (const socket of many) socket.terminate()
  await allAreGone()
})

test('whoever finds all places taken by those who say nothing comes in when they are ended', async () => {
  const idle = Array.from({ length: most }, () => connect(engine))
  await Promise.all(idle.map(socket => once(socket, 'open')))
  const rushes = createRushes({ url: app.url, token: key })
  await assert.rejects(rushes.rooms.join('0190aaaa-0000-7000-8000-000000000000'), { code: 'video.not_found' })
  await allAreGone()
})
