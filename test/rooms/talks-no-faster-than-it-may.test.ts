import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { io } from 'socket.io-client'
import { emptyRoom, enterAll } from '../support/people.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MESSAGES_PER_SECOND: '20', MESSAGES_BURST: '5' } })
})
after(() => app[Symbol.asyncDispose]())

test('whoever is too fast is told when to try again; others are not held up', async () => {
  const videoId = await emptyRoom(app)
  const connect = () => io(`${app.url}/rooms`, { forceNew: true })
  const [fast, calm] = [connect(), connect()]
  await Promise.all([fast, calm].map(socket => socket.emitWithAck('room.join', { videoId })))
  const say = (socket: typeof fast, clientId: string) =>
    socket.emitWithAck('message.send', { videoId, clientId, body: clientId })
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => say(fast, `${n}`)))
  const refused = answers.filter(answer => answer.error)
  assert.ok(refused.length >= 5, `${refused.length} were refused`)
  for (const { error } of refused) {
    assert.equal(error.code, 'request.rate_limited')
    assert.ok(error.details.retryAfterMs > 0 && error.details.retryAfterMs <= 50, String(error.details.retryAfterMs))
  }
  assert.equal((await say(calm, 'calm')).ok, true)
  for (const socket of [fast, calm]) socket.close()
})

test('the client waits as long as it is told to, and sends all the same, each once', async t => {
  const videoId = await emptyRoom(app)
  const rooms = await enterAll(app, videoId, ['Ada', 'Ben'])
  t.after(() => rooms.forEach(room => void room.leave()))
  const [ada, ben] = rooms
  const refusedBefore = await refusedWrites()
  const bodies = Array.from({ length: 30 }, (_, n) => `line ${n}`)
  const sent = await Promise.all(bodies.map(body => ada.send({ body })))
  assert.deepEqual(
    sent.map(message => message.body),
    bodies,
  )
  await until('all are heard', () => ben.messages.length === 30)
  assert.deepEqual(ben.messages.map(message => message.body).sort(), [...bodies].sort())
  const refused = (await refusedWrites()) - refusedBefore
  assert.ok(refused >= 10 && refused < 60, `${refused} were refused: it does not wait, or asks too often`)
  const [first] = sent
  await Promise.all(bodies.slice(0, 10).map((_, n) => ada.edit(first?.id ?? '', { body: `edited ${n}` })))
  await until('the edits are through', () => ben.messages[0]?.editedAt)
})

const refusedWrites = async () => {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  return Number(/^rushes_writes_refused_total (\d+)/m.exec(metrics)?.[1])
}

test('over HTTP the answer is 429 with Retry-After, and the client comes again by itself', async () => {
  const videoId = await emptyRoom(app)
  const post = () =>
    fetch(`${app.url}/api/videos/${videoId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ body: 'hello' }),
    })
  const answers = await Promise.all(Array.from({ length: 12 }, post))
  const refused = answers.find(answer => answer.status === 429)
  assert.ok(refused)
  assert.equal(refused.headers.get('retry-after'), '1')
  assert.ok((await refused.json()).error.details.retryAfterMs > 0)
  const said = await Promise.all(
    Array.from({ length: 12 }, (_, n) => app.rushes.videos.say(videoId, { body: `${n}`, author: 'A program' })),
  )
  assert.equal(new Set(said.map(message => message.id)).size, 12)
})
