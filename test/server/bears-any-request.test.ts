import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { socketRequests } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { openPlainSocket } from '../support/plain-socket.ts'
import { createRandomInput, type JsonSchema, type RandomInput } from '../support/random-input.ts'
import { type OpenApi, type RandomRequest, randomRequest } from '../support/random-request.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

// `RUSHES_FUZZ=20000` sends as many over HTTP, and three times as many by each other door; `RUSHES_FUZZ_SEED=7` others.
const count = Number(process.env.RUSHES_FUZZ ?? 200)
const seed = Number(process.env.RUSHES_FUZZ_SEED ?? 1)
const slowestMs = 20_000

/** However much is asked. */
const unpaced = { MESSAGES_PER_SECOND: '0', REQUESTS_PER_SECOND: '0', SIGNALS_PER_SECOND: '0' }

let app: TestApp
let ids: string[]
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', ...unpaced, MAX_UPLOAD_BYTES: '2000000' } })
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  const video = await app.rushes.videos.upload(film, { title: 'The harbour' })
  await app.rushes.videos.untilReady(video.id)
  ids = [video.id, (await app.rushes.videos.createDirectUpload({ filename: 'next.mp4' })).video.id]
})
after(() => app[Symbol.asyncDispose]())

/** What is true at the end of each test: the server serves. */
const serves = async () => assert.ok((await app.rushes.videos.list()).items.some(({ id }) => id === ids[0]))
const isFault = (text: string) => text.includes('server.internal')

test('no request over HTTP is a fault of the server, and each is answered', async t => {
  const random = createRandomInput(seed, ids)
  const doc = (await (await fetch(`${app.url}/openapi.json`)).json()) as OpenApi
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  t.after(() => agent.destroy())
  for (let sent = 0; sent < count; sent++) {
    const asked = randomRequest(doc, random)
    const { status, text } = await send(asked, agent)
    const isBad = isFault(text) || (status >= 500 && status !== 503)
    assert.ok(!isBad, `seed ${seed}, ${sent}: ${status} ${text.slice(0, 300)}\n${JSON.stringify(asked).slice(0, 1000)}`)
  }
  await serves()
})

function send({ method, path, headers, body }: RandomRequest, agent: Agent): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const { hostname, port } = new URL(app.url)
  const sending = request({ hostname, port, method, path, headers, agent }, answer => {
    let text = ''
    answer.setEncoding('latin1').on('data', (part: string) => {
      text += part
    })
    const status = answer.statusCode ?? 0
    answer.on('end', () => resolve({ status, text }))
    // A stream of events goes on: it has begun, and that was all.
    if (/event-stream/.test(answer.headers['content-type'] ?? '')) resolve({ status, text })
    if (/event-stream/.test(answer.headers['content-type'] ?? '')) answer.destroy()
  })
  sending.setTimeout(slowestMs, () => sending.destroy(new Error(`no answer within ${slowestMs} ms: ${method} ${path}`)))
  // A connection that is closed on whoever still sends has been refused, not crashed: the next request shows it.
  sending.on('error', (fault: NodeJS.ErrnoException) =>
    fault.code === 'ECONNRESET' || fault.code === 'EPIPE' ? resolve({ status: 400, text: '' }) : reject(fault),
  )
  sending.end(body)
  return promise
}

test('no request by Socket.IO is a fault of the server, and each is answered', async t => {
  const random = createRandomInput(seed, ids)
  const socket = io(`${app.url}/rooms`, { transports: ['websocket'], forceNew: true })
  t.after(() => socket.close())
  await socket.emitWithAck('room.join', { videoId: ids[0] })
  for (let sent = 0; sent < 3 * count; sent++) {
    const { name, payload } = randomPayload(random)
    const extra = random.chance(0.1) ? [random.value(), Buffer.from('bytes')] : []
    const answer: unknown = await socket.timeout(slowestMs).emitWithAck(name, payload, ...extra)
    const text = JSON.stringify(answer)
    assert.ok(!isFault(text), `seed ${seed}, ${sent}: ${name} ${JSON.stringify(payload)} ${text}`)
    // Nobody waits for these.
    if (random.chance(0.1)) socket.emit(random.pick(['error', 'close', '7', random.text()]), payload)
  }
  await serves()
})

test('no request by a plain WebSocket is a fault of the server, and each is answered', async () => {
  const random = createRandomInput(seed, ids)
  using plain = await openPlainSocket(app, ids[0] ?? '')
  for (let sent = 0; sent < 3 * count; sent++) {
    const { name, payload } = randomPayload(random)
    const { type: _, requestId: __, ...rest } = Object(payload) as Record<string, unknown>
    const text = JSON.stringify(await plain.ask(name, rest))
    assert.ok(!isFault(text), `seed ${seed}, ${sent}: ${name} ${JSON.stringify(payload)} ${text}`)
  }
  await serves()
})

test('packets that no client makes end their connection at most', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  const placeholder = '{"_placeholder":true,"num":0}'
  const packets = [
    ...[`42/rooms,1[7,{}]`, '42/rooms,1[null]', '42/rooms,1["error",{}]', '42/rooms,1["connect"]', '42/rooms,["a"'],
    ...[`42/rooms,1["clock.read",${deep}]`, `451-/rooms,1["clock.read",${placeholder}]`, '459999-/rooms,["x"]'],
    ...[`451-/rooms,1["clock.read",${'['.repeat(9_000)}${placeholder}${']'.repeat(9_000)}]`],
    ...['43/rooms,1[]', '44/rooms,{}', '49', '4', '9', '41/rooms,', '40/rooms,{"name":7}', '40/elsewhere,{}'],
    ...[`40/rooms,{"name":${deep}}`, '42/rooms,99999999999999999999["clock.read",{}]'],
  ]
  for (const packet of packets) {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    const heard: string[] = []
    let isOver = false
    socket.on('message', data => heard.push(String(data)))
    socket.on('error', () => {})
    socket.on('close', () => {
      isOver = true
    })
    await until('it is open', () => heard.some(text => text.startsWith('0')))
    socket.send('40/rooms,{}')
    await until('it has entered', () => heard.some(text => text.startsWith('40/rooms')))
    socket.send(packet)
    if (packet.startsWith('45')) socket.send(Buffer.from('bytes'))
    socket.send('42/rooms,77["clock.read",{}]')
    await until(`the next one is answered, or it is over: ${packet.slice(0, 60)}`, () =>
      isOver ? true : heard.some(text => text.startsWith('43/rooms,77')),
    )
    assert.ok(!heard.some(isFault), packet.slice(0, 60))
    socket.terminate()
  }
  await serves()
})

const schemas = Object.entries(socketRequests).map(
  ([name, { payload }]) =>
    [name, z.toJSONSchema(payload, { io: 'input', unrepresentable: 'any' }) as JsonSchema] as const,
)

function randomPayload(random: RandomInput): { name: string; payload: unknown } {
  const [name, schema] = random.pick(schemas)
  // Whoever has left is refused everything.
  if (name === 'room.leave') return randomPayload(random)
  return { name: random.chance(0.03) ? `no ${random.text()}`.slice(0, 50) : name, payload: random.fit(schema) }
}
