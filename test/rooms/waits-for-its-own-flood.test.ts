import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { io } from 'socket.io-client'
import { createLine } from '../../server/platform/hub/line.ts'
import { makeFilm } from '../support/make-film.ts'
import { openPlainSocket } from '../support/plain-socket.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

const flood = 2000
let app: TestApp
let videoId: string
before(async () => {
  // The line alone is looked at.
  app = await startTestApp({ env: { TRANSCRIBER: 'none', REQUESTS_PER_SECOND: '0' } })
  const video = await app.rushes.videos.upload(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
  videoId = video.id
})
after(() => app[Symbol.asyncDispose]())

type Answer = { ok?: true; error?: { code: string; details?: { retryAfterMs: number } } }
const tally = (answers: Answer[]) => ({
  taken: answers.filter(({ ok }) => ok).length,
  refused: answers.filter(({ error }) => error?.code === 'request.rate_limited').length,
})

test('a connection that asks for too much at once is refused the most of it, by both doors, and lives', async () => {
  const ask = { videoId, since: 0 }
  using plain = await openPlainSocket(app, videoId)
  for (let n = 0; n < flood; n++) plain.send(JSON.stringify({ type: 'room.replay', requestId: n, ...ask }))
  const answers = () => plain.frames.filter(({ type }) => type === 'room.replay')
  await until('all are answered', () => answers().length === flood)
  const byPlain = tally(answers() as Answer[])

  const socket = io(`${app.url}/rooms`, { transports: ['websocket'], forceNew: true, auth: { name: 'Mallory' } })
  after(() => socket.close())
  await socket.emitWithAck('room.join', { videoId })
  const bySocketIo = tally(
    await Promise.all(Array.from({ length: flood }, () => socket.emitWithAck('room.replay', ask) as Promise<Answer>)),
  )
  for (const { taken, refused } of [byPlain, bySocketIo]) {
    assert.equal(taken + refused, flood)
    assert.ok(taken >= 200, `${taken} taken`)
    assert.ok(refused >= flood / 2, `${refused} refused`)
  }
  const message = { videoId, clientId: randomUUID(), body: 'still here' }
  assert.equal((await socket.emitWithAck('message.send', message)).ok, true)
  assert.equal((await plain.ask('message.send', { ...message, clientId: randomUUID() })).ok, true)
})

test('what waits in the line of a connection that has ended is never asked', async () => {
  const asked: unknown[] = []
  const waiting: (() => void)[] = []
  const line = createLine(async ({ event }) => {
    asked.push(event)
    await new Promise<void>(resolve => waiting.push(resolve))
    return { ok: true }
  })
  const caller = {} as Parameters<typeof line.ask>[0]['caller']
  const answers = Array.from({ length: 20 }, (_, event) => line.ask({ event, payload: {}, caller }))
  const underWay = asked.length
  assert.ok(underWay > 1 && underWay < 20)
  waiting.shift()?.()
  await answers[0]
  assert.deepEqual(
    asked,
    Array.from({ length: underWay + 1 }, (_, event) => event),
    'one is over, the next one in order is asked',
  )
  line.end()
  for (const over of waiting) over()
  const codes = (await Promise.all(answers)).map(answer => ('error' in answer ? answer.error.code : 'ok'))
  assert.deepEqual([asked.length, codes.filter(code => code !== 'ok').length], [underWay + 1, 20 - underWay - 1])
})
