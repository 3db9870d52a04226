import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { defineSocketRequests, socketRequests } from '../../shared/index.ts'
import { connectSocketIo } from '../accounts/every-door.ts'
import { emptyRoom } from '../support/people.ts'
import { fittingPayloads } from '../support/socket-payloads.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const onceAtMost = { BURST: '1', PER_SECOND: '0.001' }
const paces = ['MESSAGES', 'REQUESTS', 'SIGNALS'].flatMap(of =>
  Object.entries(onceAtMost).map(([name, value]) => [`${of}_${name}`, value]),
)
let app: TestApp
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', ...Object.fromEntries(paces) } })
})
after(() => app[Symbol.asyncDispose]())

test('every request of the sockets has a limit, and says when to try again', async () => {
  const videoId = await emptyRoom(app)
  for (const [name, payload] of Object.entries(fittingPayloads(videoId))) {
    const socket = connectSocketIo(app.url, {})
    await once(socket as never, 'connect')
    const first = await socket.emitWithAck(name, payload)
    assert.notEqual(first.error?.code, 'request.rate_limited', name)
    const second = await socket.emitWithAck(name, 'clientId' in payload ? { ...payload, clientId: 'next' } : payload)
    assert.equal(second.error?.code, 'request.rate_limited', name)
    assert.ok(second.error.details.retryAfterMs > 1000, name)
    socket.close()
  }
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  const counted = (pace: string) =>
    Number(new RegExp(`^rushes_socket_requests_refused_total\\{pace="${pace}"\\} (\\d+)`, 'm').exec(metrics)?.[1])
  const declared = (pace: string) => Object.values(socketRequests).filter(rule => rule.pace === pace).length
  for (const pace of ['reading', 'signal']) assert.equal(counted(pace), declared(pace), pace)
})

test('what is told of where one is does not use up what one may read, nor what one may write', async () => {
  const videoId = await emptyRoom(app)
  const payloads = fittingPayloads(videoId)
  const socket = connectSocketIo(app.url, { person: 'the secret of somebody' })
  await once(socket as never, 'connect')
  for (const name of ['room.join', 'playhead.set', 'message.send'] as const)
    assert.equal((await socket.emitWithAck(name, payloads[name])).ok, true, name)
  // The same person in another tab: what they read is counted together, what the tab tells is not.
  const tab = connectSocketIo(app.url, { person: 'the secret of somebody' })
  await once(tab as never, 'connect')
  assert.equal((await tab.emitWithAck('room.join', payloads['room.join'])).error.code, 'request.rate_limited')
  assert.equal((await tab.emitWithAck('clock.read', {})).ok, true)
  socket.close()
  tab.close()
})

test('a request without a limit, a scope or a place does not compile', () => {
  const { payload, ...rule } = socketRequests['clock.read']
  assert.ok(payload)
  const { pace, ...paceless } = rule
  const { scope, ...scopeless } = rule
  assert.ok(pace && scope)
  // @ts-expect-error: its pace is missing.
  defineSocketRequests({ 'clock.stop': { ...paceless, payload } })
  // @ts-expect-error: its scope is missing.
  defineSocketRequests({ 'clock.stop': { ...scopeless, payload } })
  // @ts-expect-error: what is about a room names its video.
  defineSocketRequests({ 'clock.stop': { ...rule, about: 'room', payload } })
})
