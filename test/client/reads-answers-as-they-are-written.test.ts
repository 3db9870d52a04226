import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, createRushes } from '../../client-sdk/src/index.ts'
import { until } from '../support/until.ts'
import { listenAsRoom, messageOf, videoId } from './room-server.ts'
import { listenWith } from './upload-server.ts'

const citations = [{ startSeconds: 1, endSeconds: 2, text: 'twenty', segmentIndexes: [0], score: 1 }]
const finished = messageOf(9, { kind: 'answer', body: 'It took twenty days.', citations })
const answerId = finished.id
const questionId = messageOf(8).id

async function read(answer: Answer) {
  const texts: string[] = []
  let cited = 0
  for await (const part of answer) {
    if (part.type === 'text') texts.push(part.text)
    if (part.type === 'citations') cited += part.citations.length
  }
  return { texts, cited }
}

async function askIn(onAsked: (server: Awaited<ReturnType<typeof listenAsRoom>>, times: number) => void) {
  let times = 0
  const server = await listenAsRoom({
    'question.ask': (_, answer) => {
      answer({ ok: true, message: messageOf(8), answerId })
      onAsked(server, ++times)
    },
  })
  const room = await createRushes({ url: server.url }).rooms.join(videoId)
  return { server, room }
}

test('in a room: text as it comes, then citations, to every reader', async () => {
  const { server, room } = await askIn(({ notify }) => {
    notify('answer.started', { answerId, questionId })
    notify('answer.delta', { answerId, index: 0, text: 'It took ' })
    notify('answer.delta', { answerId, index: 1, text: 'twenty days.' })
    notify('answer.done', { answerId, message: finished })
  })
  const answer = room.ask('How long?')
  const [one, two] = await Promise.all([read(answer), read(answer)])
  assert.deepEqual(one, { texts: ['It took ', 'twenty days.'], cited: 1 })
  assert.deepEqual(two, one)
  assert.equal(await answer.text(), 'It took twenty days.')
  assert.equal((await answer.message()).id, answerId)
  assert.deepEqual([await answer.questionId, await answer.answerId], [questionId, answerId])
  room.leave()
  await server[Symbol.asyncDispose]()
})

test('in a room: a piece that is lost comes with the end, and the text joins to the answer', async () => {
  const { server, room } = await askIn(({ notify }) => {
    notify('answer.delta', { answerId, index: 0, text: 'It took ' })
    notify('answer.delta', { answerId, index: 2, text: 'days.' })
    notify('answer.done', { answerId, message: finished })
  })
  assert.deepEqual((await read(room.ask('How long?'))).texts, ['It took ', 'twenty days.'])
  room.leave()
  await server[Symbol.asyncDispose]()
})

test('in a room: after a cut it is asked for again, and ends', async () => {
  const { server, room } = await askIn(({ notify, cut }, times) => {
    notify('answer.delta', { answerId, index: 0, text: 'It ' })
    if (times === 1) return setTimeout(cut, 20)
    return notify('answer.done', { answerId, message: finished })
  })
  const { texts } = await read(room.ask('How long?'))
  assert.equal(texts.join(''), finished.body)
  const asked = server.askedFor('question.ask')
  assert.equal(asked.length, 2)
  assert.deepEqual(asked[0], asked[1])
  room.leave()
  await server[Symbol.asyncDispose]()
})

test('in a room: a failure is thrown where it is read; an abort cancels for all', async () => {
  const { server, room } = await askIn(({ notify }, times) => {
    if (times === 1) notify('answer.failed', { answerId, questionId, error: { code: 'answer.failed', message: 'No.' } })
  })
  const failing = room.ask('one')
  const details = { questionId, answerId }
  await assert.rejects(read(failing), { code: 'answer.failed', status: 502, details })
  assert.deepEqual({ questionId: await failing.questionId, answerId: await failing.answerId }, details)
  const controller = new AbortController()
  const answer = room.ask('two', { signal: controller.signal })
  await until('it is asked', () => server.askedFor('question.ask').length === 2)
  // Its answer's id must be here before it can be cancelled by it.
  await room.send({ body: 'x' }, { signal: AbortSignal.timeout(50) }).catch(() => {})
  controller.abort(new Error('enough'))
  await assert.rejects(read(answer), { message: 'enough' })
  await until('the server is told', () => server.askedFor('answer.cancel').length === 1)
  room.leave()
  await server[Symbol.asyncDispose]()
})

test('in a room: a question that is refused has no ids, and whoever wants none hears of nothing', async () => {
  const error = { code: 'server.busy', message: 'Later.', requestId: 'r' }
  await using server = await listenAsRoom({ 'question.ask': (_, answer) => answer({ error }) })
  const room = await createRushes({ url: server.url }).rooms.join(videoId)
  const [ignored, refused] = [room.ask('one'), room.ask('two')]
  await assert.rejects(refused.questionId, { code: 'server.busy', requestId: 'r' })
  await assert.rejects(refused.text(), { code: 'server.busy', details: undefined })
  // One that is awaited nowhere would end this process, had it no catch of its own.
  await new Promise(resolve => setImmediate(resolve))
  assert.ok(ignored)
  room.leave()
})

const eventsOf = (crlf: string) =>
  [
    ': a comment',
    'event: asked',
    `data: ${JSON.stringify({ questionId, answerId })}`,
    '',
    'event: delta',
    `data: ${JSON.stringify({ answerId, index: 0, text: 'It tóok ' })}`,
    '',
    'event:delta',
    `data:${JSON.stringify({ answerId, index: 1, text: 'twenty.' })}`,
    '',
    'event: done',
    `data: ${JSON.stringify({ message: { ...finished, body: 'It tóok twenty.' } })}`,
    '',
    '',
  ].join(crlf)

test('over HTTP: events are read whatever pieces they come in', async () => {
  for (const crlf of ['\n', '\r\n', '\r']) {
    for (const pieceBytes of [1, 2, 7, 10_000]) {
      await using server = await listenWith((request, response) => {
        request.resume()
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const bytes = Buffer.from(eventsOf(crlf))
        for (let at = 0; at < bytes.length; at += pieceBytes) response.write(bytes.subarray(at, at + pieceBytes))
        response.end()
      })
      const { texts, cited } = await read(createRushes({ url: server.url }).videos.ask(videoId, 'How long?'))
      assert.deepEqual([texts, cited], [['It tóok ', 'twenty.'], 1], JSON.stringify({ crlf, pieceBytes }))
    }
  }
})

test('over HTTP: the ids come before the words, and with a failure', async () => {
  const error = { code: 'answer.failed', message: 'No.', requestId: 'r' }
  const events = { asked: { questionId, answerId }, failed: { error } }
  await using server = await listenWith((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const [name, data] of Object.entries(events))
      response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
    response.end()
  })
  const answer = createRushes({ url: server.url }).videos.ask(videoId, 'x')
  assert.deepEqual([await answer.questionId, await answer.answerId], [questionId, answerId])
  await assert.rejects(answer.text(), { code: 'answer.failed', requestId: 'r', details: { questionId, answerId } })
})

test('over HTTP: an event that never ends is not waited for', async () => {
  let hungUp = false
  await using server = await listenWith((request, response) => {
    request.resume()
    response.once('close', () => {
      hungUp = true
    })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`event: delta\ndata: ${'x'.repeat(5 * 1024 * 1024)}`)
  })
  const asked = createRushes({ url: server.url }).videos.ask(videoId, 'x')
  await assert.rejects(asked.text(), { name: 'RushesError', code: 'network' })
  await until('the server was hung up on', () => hungUp)
})

test('over HTTP: a refusal, a failure half-way and a broken connection are thrown', async () => {
  const error = { code: 'server.busy', message: 'Later.', requestId: 'r' }
  const answers: Record<string, [number, string]> = {
    'server.busy': [503, JSON.stringify({ error })],
    'answer.cancelled': [
      200,
      `event: failed\ndata: ${JSON.stringify({ error: { ...error, code: 'answer.cancelled' } })}\n\n`,
    ],
    network: [200, 'event: delta\ndata: {"text":"It "}\n\n'],
    'server.internal': [502, '<h1>Bad gateway</h1>'],
  }
  for (const [code, [status, body]] of Object.entries(answers)) {
    await using server = await listenWith((request, response) => {
      request.resume()
      response.writeHead(status).end(body)
    })
    await assert.rejects(createRushes({ url: server.url }).videos.ask(videoId, 'x').text(), {
      name: 'RushesError',
      code,
    })
  }
})
