import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openRaw } from '../support/raw-connection.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

const most = 4
let app: TestApp
let id: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MAX_CONNECTIONS: String(most) } })
  const request = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const answer = await fetch(`${app.url}/api/videos/upload`, { ...request, body: '{"filename":"a.mp4"}' })
  id = ((await answer.json()) as { video: { id: string } }).video.id
})
after(() => app[Symbol.asyncDispose]())

const events = (accept: string, query = '') =>
  `GET /api/videos/${id}/events${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: ${accept}\r\n\r\n`
const stream = () => events('text/event-stream')
const poll = () => events('application/json', '?since=1000&waitSeconds=30')
const ask = () => {
  const body = '{"question":"What is said?"}'
  return `POST /api/videos/${id}/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

for (const [name, text] of [
  ['a stream of events', stream],
  ['a long poll', poll],
  ['a stream that waits for another one', () => stream() + stream()],
  ['a poll that waits for a stream', () => stream() + poll() + poll()],
  ['an answer that is streamed', ask],
] as const) {
  test(`of ${name} whose reader hangs up at once nothing is left`, async () => {
    const before = timers()
    for (let turn = 0; turn < 30; turn++) {
      using raw = await openRaw(app.url, text())
      const hangUp = () => (turn % 2 === 0 ? raw.socket.resetAndDestroy() : raw.socket.destroy())
      if (turn % 5 === 0) hangUp()
      else if (turn % 5 === 1) setImmediate(hangUp)
      else setTimeout(hangUp, (turn % 5) * 2)
      await raw.closed
    }
    // As many as there are places: one that is left behind would hold one.
    await until('all places are free', async () => {
      const controller = new AbortController()
      const { signal } = controller
      const headers = { accept: 'text/event-stream' }
      const all = await Promise.all(
        Array.from({ length: most }, () => fetch(`${app.url}/api/videos/${id}/events`, { headers, signal })),
      )
      controller.abort()
      return all.every(({ status }) => status === 200)
    })
    await until('no timer is left', () => timers() <= before + 1)
  })
}

test('the timers that are counted here are those of the streams', async () => {
  const controller = new AbortController()
  const headers = { accept: 'text/event-stream' }
  for (let count = 0; count < most; count++)
    assert.equal(
      (await fetch(`${app.url}/api/videos/${id}/events`, { headers, signal: controller.signal })).status,
      200,
    )
  const open = timers()
  controller.abort()
  await until('they go with the streams', () => timers() <= open - most)
})
