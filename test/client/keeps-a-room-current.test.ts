import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRushes, type Message, type Room, type RoomEvent, type RoomStatus } from '../../client-sdk/src/index.ts'
import { withPage } from '../../client-sdk/src/rooms/messages-after.ts'
import { createUnread } from '../../client-sdk/src/rooms/unread.ts'
import { until } from '../support/until.ts'
import { listenAsRoom, messageOf, type RoomServer, renamed, videoId } from './room-server.ts'

const at = '2026-01-01T00:00:00.000Z'

async function joinAt(server: RoomServer) {
  const room = await createRushes({ url: server.url }).rooms.join(videoId, { name: 'Ada' })
  const seqs: number[] = []
  room.on('event', event => void seqs.push(event.seq))
  return { room, seqs, [Symbol.dispose]: () => room.leave() }
}
const untilSeq = (room: Room, seq: number) => until(`event ${seq}`, () => room.seq === seq)

test('events change what the room is before their listeners hear of them', async () => {
  await using server = await listenAsRoom()
  using joined = await joinAt(server)
  const { room } = joined
  const titles: string[] = []
  room.on('video.renamed', ({ title }, { seq }) => titles.push(`${seq} ${title} ${room.video.title}`))
  server.send(renamed(1), renamed(2))
  server.notify('progress', { stage: 'transcript', percent: 40 })
  server.notify('presence', { joined: [{ id: 'm', name: 'Bob' }], left: [], count: 1 })
  await until('everybody', () => room.members.length === 1)
  assert.deepEqual(titles, ['1 title 1 title 1', '2 title 2 title 2'])
  assert.equal(room.video.progress.stages[0]?.percent, 40)
})

test('a gap is asked for, and nothing comes twice', async () => {
  await using server = await listenAsRoom()
  using joined = await joinAt(server)
  server.log.push(renamed(1), renamed(2), renamed(3))
  server.send(renamed(3))
  await untilSeq(joined.room, 3)
  server.send(renamed(2), renamed(3))
  server.log.push(renamed(4))
  server.send(renamed(4))
  await untilSeq(joined.room, 4)
  assert.deepEqual(joined.seqs, [1, 2, 3, 4])
  assert.deepEqual(server.askedFor('room.replay'), [{ videoId, since: 0 }])
})

for (const code of ['server.busy', 'database.unavailable', 'request.rate_limited', 'room.not_joined'] as const)
  test(`a gap is asked for again after ${code}`, async () => {
    let refusals = 2
    await using server = await listenAsRoom({
      'room.replay': (_, answer) =>
        answer(
          refusals-- > 0
            ? { error: { code, message: 'not now', requestId: 'r' } }
            : { ok: true, events: [renamed(1), renamed(2)] },
        ),
    })
    using joined = await joinAt(server)
    server.send(renamed(2))
    await untilSeq(joined.room, 2)
    assert.deepEqual(joined.seqs, [1, 2])
  })

test('what arrives while joining waits for its turn', async () => {
  await using server = await listenAsRoom({
    'room.join': (_, answer, socket) => {
      socket.emit('room.events', { videoId, events: [renamed(5), renamed(6), renamed(7)] })
      answer({ ok: true, video: { title: 'five' }, members: [], messages: [], seq: 5, events: [] })
    },
  })
  using joined = await joinAt(server)
  assert.equal(joined.room.seq, 7)
  assert.equal(joined.room.video.title, 'title 7')
})

test('after a cut it comes back by itself with what it missed', async () => {
  await using server = await listenAsRoom()
  using joined = await joinAt(server)
  const { room } = joined
  const statuses: RoomStatus[] = []
  room.on('status', status => void statuses.push(status))
  server.log.push(renamed(1))
  server.send(renamed(1))
  await untilSeq(room, 1)
  server.cut()
  await until('offline', () => room.status === 'offline')
  server.log.push(renamed(2), renamed(3))
  await untilSeq(room, 3)
  await until('live', () => room.status === 'live')
  assert.deepEqual(joined.seqs, [1, 2, 3])
  assert.deepEqual(server.askedFor('room.join').at(-1), { videoId, since: 1 })
  assert.deepEqual([statuses[0], statuses.at(-1)], ['offline', 'live'])
})

test('a message is sent again until it is acknowledged, under one clientId', async () => {
  let deaf = true
  await using server = await listenAsRoom({
    'message.send': ({ clientId, body }, answer, socket) => {
      if (deaf) socket.conn.close()
      else answer({ ok: true, message: messageOf(1, { clientId, body }) })
      deaf = false
    },
  })
  using joined = await joinAt(server)
  const message = await joined.room.send({ body: 'hello', atSeconds: 3 })
  assert.equal(message.body, 'hello')
  const sent = server.askedFor('message.send')
  assert.equal(sent.length, 2)
  assert.deepEqual(sent[0], sent[1])
  assert.equal(sent[0]?.clientId, message.clientId)
})

test('messages that are said while offline go out in their order', async () => {
  await using server = await listenAsRoom({
    'message.send': ({ body }, answer) => answer({ ok: true, message: messageOf(Number(body), { body }) }),
  })
  using joined = await joinAt(server)
  server.cut()
  await until('offline', () => joined.room.status === 'offline')
  await Promise.all(['1', '2', '3', '4'].map(body => joined.room.send({ body })))
  assert.deepEqual(
    server.askedFor('message.send').map(each => each.body),
    ['1', '2', '3', '4'],
  )
})

test('a refused message is thrown, and an abandoned one too', async () => {
  const error = { code: 'request.invalid', message: 'Too long.', requestId: 'r' }
  await using server = await listenAsRoom({
    'message.send': ({ body }, answer) => body === 'bad' && answer({ error }),
  })
  using joined = await joinAt(server)
  await assert.rejects(joined.room.send({ body: 'bad' }), { name: 'RushesError', code: 'request.invalid', status: 422 })
  const controller = new AbortController()
  const withdrawn = joined.room.send({ body: 'never answered' }, { signal: controller.signal })
  controller.abort(new Error('not needed'))
  await assert.rejects(withdrawn, { message: 'not needed' })
  const left = joined.room.send({ body: 'never answered' })
  joined.room.leave()
  await assert.rejects(left, { code: 'room.not_joined' })
})

test('joining what is not there, or nobody at all, is thrown', async () => {
  const error = { code: 'video.not_found', message: 'There is no such video.', requestId: 'r' }
  await using server = await listenAsRoom({ 'room.join': (_, answer) => answer({ error }) })
  await assert.rejects(createRushes({ url: server.url }).rooms.join(videoId), { code: 'video.not_found', status: 404 })
  const nobody = createRushes({ url: 'http://127.0.0.1:1' })
  await assert.rejects(nobody.rooms.join(videoId, { timeoutMs: 50 }), { code: 'network' })
  const signal = AbortSignal.abort(new Error('no'))
  await assert.rejects(nobody.rooms.join(videoId, { signal }), { message: 'no' })
})

test('a room whose video went away while offline is closed', async () => {
  const error = { code: 'video.not_found', message: 'There is no such video.', requestId: 'r' }
  let isGone = false
  await using server = await listenAsRoom({
    'room.join': (_, answer) =>
      answer(isGone ? { error } : { ok: true, video: {}, members: [], messages: [], seq: 0, events: [] }),
  })
  using joined = await joinAt(server)
  const closed = new Promise<string>(resolve => joined.room.on('closed', reason => resolve(reason.code)))
  isGone = true
  server.cut()
  assert.equal(await closed, 'video.not_found')
})

test('messages stand in the order of the log, once each, whatever the clocks of servers say', async () => {
  await using server = await listenAsRoom()
  using joined = await joinAt(server)
  const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`
  const said = [
    messageOf(2, { createdAt: at(2) }),
    messageOf(1, { createdAt: at(1) }),
    messageOf(2, { createdAt: at(2) }),
  ]
  server.send(
    ...said.map((message, index) => ({
      seq: index + 1,
      at: at(9),
      type: 'message.created' as const,
      payload: { message },
    })),
  )
  await untilSeq(joined.room, 3)
  assert.deepEqual(
    joined.room.messages.map(message => message.body),
    ['message 2', 'message 1'],
  )
})

test('what is said while someone joins anew is counted once, whether it comes before the answer or after', () => {
  const said = (seq: number): RoomEvent => ({ seq, at, type: 'message.created', payload: { message: messageOf(seq) } })
  for (const early of [[], [2], [2, 3]]) {
    const unread = createUnread(() => {})
    const answer = { memberId: 'me', unread: { seq: 1, messages: 0, mentions: 0 } }
    unread.joined({ ...answer, seq: 1 })
    for (const seq of early) unread.met(said(seq))
    // The server had counted when the first of them was there.
    unread.joined({ ...answer, seq: 2, unread: { seq: 1, messages: 1, mentions: 0 } })
    for (const seq of [2, 3, 4]) if (!early.includes(seq)) unread.met(said(seq))
    assert.equal(unread.now.messages, 3, `early: ${early}`)
  }
})

test('the page of a later joining is put where it belongs: behind what is older, and none of it twice', () => {
  const [one, two, three, four, five] = [1, 2, 3, 4, 5].map(id => messageOf(id))
  assert.ok(one && two && three && four && five)
  const bodies = (messages: Message[]) => messages.map(({ body }) => body.at(-1)).join('')
  assert.equal(bodies(withPage([], [one, two])), '12')
  assert.equal(bodies(withPage([one, two, three], [three, four])), '1234')
  // Some were deleted since, so the page reaches further back than what was known.
  assert.equal(bodies(withPage([three, four], [two, three, four, five])), '2345')
  assert.equal(bodies(withPage([one, two, three, four], [two, three])), '1234', 'the last one came before the page')
  assert.equal(bodies(withPage([one, two], [four, five])), '1245')
  const edited = { ...two, body: 'edited 2' }
  assert.deepEqual(withPage([one, edited], [one, two, three])[1], edited, 'what came of the log is newer')
})
