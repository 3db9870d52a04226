// tier: postgres
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import type { Message, RoomEvent } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

let app: TestApp
let id: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MESSAGES_PER_SECOND: '0' } })
  const video = await app.rushes.videos.upload(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 }))
  id = video.id
  await app.rushes.videos.untilReady(id)
  // `ready` does not wait for the scenes, whose events would come in between.
  await until('the scenes are found', async () => (await app.rushes.videos.get(id)).links.scenes !== null)
})
after(() => app[Symbol.asyncDispose]())

type Frame = { type: string; requestId?: unknown; ok?: true; error?: { code: string } } & Record<string, unknown>

/** A client that knows nothing but WebSocket and JSON. */
async function openPlain(query: Record<string, string>, videoId = id) {
  const address = `${app.url.replace('http', 'ws')}/ws/chat/${videoId}?${new URLSearchParams(query)}`
  const socket = new WebSocket(address)
  const frames: Frame[] = []
  socket.on('message', data => frames.push(JSON.parse(String(data))))
  await once(socket, 'open')
  let requests = 0
  return {
    socket,
    frames,
    events: () => frames.flatMap(frame => (frame.type === 'room.events' ? (frame.events as RoomEvent[]) : [])),
    first: (type: string) => until(`a frame ${type}`, () => frames.find(frame => frame.type === type)),
    async ask(type: string, payload: object): Promise<Frame> {
      const requestId = ++requests
      socket.send(JSON.stringify({ type, requestId, ...payload }))
      return until(`an answer to ${type}`, () => frames.find(frame => frame.requestId === requestId)) as Promise<Frame>
    },
  }
}

test('a plain WebSocket is in the room of its address at once, and talks with those who came by Socket.IO', async () => {
  const ada = await app.rushes.rooms.join(id, { name: 'Ada' })
  const ben = await openPlain({ name: 'Ben' })
  const joined = (await ben.first('room.join')) as unknown as { ok: boolean; seq: number; members: object[] }
  assert.equal(joined.ok, true)
  await until('Ada sees Ben', () => ada.members.some(member => member.name === 'Ben'))

  const heard = new Promise<Message>(resolve => ada.on('message.created', ({ message }) => resolve(message)))
  const answer = await ben.ask('message.send', { clientId: 'b1', body: 'hello from afar' })
  assert.equal(answer.ok, true)
  assert.equal((await heard).body, 'hello from afar')
  const again = await ben.ask('message.send', { clientId: 'b1', body: 'hello from afar' })
  assert.equal((again.message as Message).id, (answer.message as Message).id)
  await ada.send({ body: 'hello Ben' })
  await until('Ben hears both', () => ben.events().length === 2)
  assert.deepEqual(
    ben.events().map(event => event.seq),
    [joined.seq + 1, joined.seq + 2],
  )

  ben.socket.close()
  await until('Ben is gone', () => !ada.members.some(member => member.name === 'Ben'))
  ada.leave()
})

test('what a plain WebSocket asks as soon as it is open waits until it is in the room, which it hears first', async () => {
  const ada = await app.rushes.rooms.join(id, { name: 'Ada' })
  let isTalking = true
  const talk = async () => {
    for (let said = 0; isTalking; said++) {
      await ada.send({ body: `${said}` })
      ada.playhead({ atSeconds: said % 2, playing: true, rate: 1 })
    }
  }
  const talking = talk()
  for (let turn = 0; turn < 20; turn++) {
    const ben = await openPlain({ name: 'Ben' })
    const asked = ['one', 'two', 'three'].map(body => ben.ask('message.send', { clientId: `${turn} ${body}`, body }))
    assert.deepEqual(
      (await Promise.all(asked)).map(({ ok, message }) => ok && (message as Message).body),
      ['one', 'two', 'three'],
    )
    assert.equal(ben.frames[0]?.type, 'room.join')
    const seqs = ben.events().map(event => event.seq)
    const { seq } = ben.frames[0] as unknown as { seq: number }
    const missing = seqs.filter((each, index) => index > 0 && each !== (seqs[index - 1] ?? 0) + 1)
    assert.deepEqual([missing, (seqs[0] ?? 0) <= seq + 1], [[], true])
    ben.socket.terminate()
  }
  isTalking = false
  await talking
  ada.leave()
})

test('typing ends with what was typed, though nobody says so', async () => {
  const ada = await app.rushes.rooms.join(id, { name: 'Ada' })
  const typing = new Set<string>()
  ada.on('typing', notice => (notice.typing ? typing.add(notice.name) : typing.delete(notice.name)))
  const ben = await openPlain({ name: 'Ben' })
  await ben.ask('typing.set', { typing: true })
  await until('Ben types', () => typing.has('Ben'))
  await ben.ask('message.send', { clientId: 'typed', body: 'what I typed' })
  // Well before it would end by itself.
  await until('Ben types no more', () => !typing.has('Ben'), 4)
  ben.socket.close()
  ada.leave()
})

test('a plain WebSocket that comes back with `since` is given what it missed', async () => {
  const seq = (await app.rushes.videos.events(id, 0, { limit: 1000 })).at(-1)?.seq ?? 0
  const ada = await app.rushes.rooms.join(id, { name: 'Ada' })
  for (const body of ['one', 'two', 'three']) await ada.send({ body })
  ada.leave()
  const ben = await openPlain({ since: String(seq) })
  const joined = await ben.first('room.join')
  assert.deepEqual(
    (joined.events as RoomEvent[]).map(event => event.seq),
    [seq + 1, seq + 2, seq + 3],
  )
  ben.socket.close()
})

test('whose place lies ahead of the log is given the room as it stands', async () => {
  const ben = await openPlain({ since: '1000000' })
  const joined = await ben.first('room.join')
  assert.deepEqual([joined.isSnapshot, joined.events], [true, []])
  assert.ok((joined.messages as Message[]).length > 0)
  ben.socket.close()
  const near = await openPlain({ since: String(joined.seq) })
  assert.equal((await near.first('room.join')).isSnapshot, false)
  near.socket.close()
})

test('who does not take what is sent is ended, and given the rest when back', async () => {
  const ada = await app.rushes.rooms.join(id, { name: 'Ada' })
  const ben = await openPlain({ name: 'Ben' })
  const { seq } = await ben.first('room.join')
  ben.socket.pause()
  const began = performance.now()
  let said = 0
  await until('Ben is ended', async () => {
    await Promise.all(Array.from({ length: 500 }, () => ada.send({ body: '😀'.repeat(2000) })))
    said += 500
    return !ada.members.some(member => member.name === 'Ben')
  })
  const seconds = (performance.now() - began) / 1000
  await until('Ada has heard all', () => ada.seq === Number(seq) + said)
  ben.socket.terminate()
  const back = await openPlain({ since: String(ada.seq - 3) })
  assert.equal(((await back.first('room.join')).events as RoomEvent[]).length, 3)
  // 16 MiB, of which what is around each text takes some; or two pings, where that much takes longer.
  assert.ok(said * 8000 > 15 * 1024 * 1024 || seconds > 5, 'nobody is ended before that much is unsent')
  back.socket.close()
  ada.leave()
})

test('what is no request is refused with a reason, and a foreign room with a failure', async () => {
  const ben = await openPlain({})
  await ben.first('room.join')
  assert.equal((await ben.ask('message.sing', {})).error?.code, 'request.unknown_event')
  assert.equal((await ben.ask('message.send', { body: '' })).error?.code, 'request.invalid')
  const other = '0198c0de-0000-7000-8000-000000000000'
  assert.equal((await ben.ask('room.join', { videoId: other })).error?.code, 'video.not_found')
  ben.socket.send('no JSON')
  const [code] = await once(ben.socket, 'close')
  assert.equal(code, 1008)
})

test('a WebSocket to a film that is not there, or to no address of ours, is told so', async () => {
  const lost = await openPlain({}, '0198c0de-0000-7000-8000-000000000000')
  assert.equal((await lost.first('room.join')).error?.code, 'video.not_found')
  const stray = new WebSocket(`${app.url.replace('http', 'ws')}/ws/elsewhere`)
  const [, response] = await once(stray, 'unexpected-response')
  assert.equal(response.statusCode, 404)
})

test('long polling waits for the next event, and no longer than it was asked to', async () => {
  const ada = await app.rushes.rooms.join(id, { name: 'Ada' })
  const { seq } = ada
  assert.deepEqual(await app.rushes.videos.events(id, seq, { waitSeconds: 0.2 }), [])
  const waiting = app.rushes.videos.events(id, seq, { waitSeconds: 30 })
  await ada.send({ body: 'here it is' })
  assert.deepEqual(
    (await waiting).map(event => event.seq),
    [seq + 1],
  )
  ada.leave()
})

test('the log is followed by server-sent events: what was, then what comes, each once and in order', async () => {
  const controller = new AbortController()
  const seqs: number[] = []
  const following = (async () => {
    for await (const event of app.rushes.videos.follow(id, { signal: controller.signal })) seqs.push(event.seq)
  })()
  following.catch(() => {})
  const ada = await app.rushes.rooms.join(id, { name: 'Ada' })
  const before = ada.seq
  await until('the past has come', () => seqs.at(-1) === before)
  await Promise.all(Array.from({ length: 20 }, (_, n) => ada.send({ body: `line ${n}` })))
  await until('the present has come', () => seqs.length === before + 20)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  )
  controller.abort(new Error('enough'))
  await assert.rejects(following, /enough/)
  ada.leave()
})

test('a browser that comes back with Last-Event-ID goes on after it', async () => {
  const response = await fetch(`${app.url}/api/videos/${id}/events`, {
    headers: { accept: 'text/event-stream', 'last-event-id': '3' },
  })
  const reader = response.body?.getReader()
  let text = ''
  // Notices of the moment, which have no id, may come in between.
  while (!/^id: \d+\n/m.test(text)) text += new TextDecoder().decode((await reader?.read())?.value)
  assert.equal(/^id: (\d+)\n/m.exec(text)?.[1], '4')
  await reader?.cancel()
})
