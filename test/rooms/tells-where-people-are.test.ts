import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createLoopbackBus, quickTimes, startRoomsServer } from '../support/rooms-servers.ts'
import { until } from '../support/until.ts'

const person = 'one and the same person'

test('50 people who say 20 times a second where they are make four notices a second', async () => {
  await using server = await startRoomsServer({ bus: createLoopbackBus(), serverId: 'one' })
  const rooms = await Promise.all(Array.from({ length: 50 }, (_, n) => server.join({ name: `guest ${n}` })))
  const [first] = rooms
  assert.ok(first)
  let heard = 0
  first.on('playhead', () => void heard++)
  const beganMs = performance.now()
  for (let n = 1; n <= 30; n++) {
    for (const room of rooms) room.playhead({ atSeconds: n, playing: true })
    await delay(50)
  }
  await until('everyone is at the last place', () => first.members.every(({ playhead }) => playhead?.atSeconds === 30))
  const most = 1 + (performance.now() - beganMs) / 250
  assert.ok(heard <= most, `${heard} notices in ${performance.now() - beganMs} ms`)
  for (const room of rooms) room.leave()
})

test('in a large room a hundred are told of at once, and the others in their turn', async () => {
  await using server = await startRoomsServer({ bus: createLoopbackBus(), serverId: 'one' })
  const rooms = await Promise.all(Array.from({ length: 130 }, (_, n) => server.join({ name: `guest ${n}` })))
  const [first] = rooms
  assert.ok(first)
  const sizes: number[] = []
  first.on('playhead', ({ playheads }) => sizes.push(playheads.length))
  for (const room of rooms) room.playhead({ atSeconds: 7, playing: false })
  const isTold = () => first.members.length === 130 && first.members.every(({ playhead }) => playhead?.atSeconds === 7)
  await until('everyone is told of', isTold)
  assert.ok(Math.max(...sizes) <= 100, sizes.join())
  for (const room of rooms) room.leave()
})

test('whoever comes late is told where everyone was last seen, also at another server', async () => {
  const bus = createLoopbackBus()
  await using one = await startRoomsServer({ bus, serverId: 'one', times: quickTimes })
  await using other = await startRoomsServer({ bus, serverId: 'other', times: quickTimes })
  const ada = await one.join({ name: 'Ada', person })
  const ben = await other.join({ name: 'Ben' })
  ada.playhead({ atSeconds: 12.5, playing: true, rate: 2 })
  const seen = () => ben.members.find(({ name }) => name === 'Ada')?.playhead
  await until('Ben sees it', () => seen()?.atSeconds === 12.5)
  const late = await other.join({ name: 'Cleo' })
  const place = { atSeconds: 12.5, playing: true, rate: 2 }
  assert.deepEqual(late.members.find(({ name }) => name === 'Ada')?.playhead, place)

  const tab = await other.join({ name: 'Ada', person })
  tab.playhead({ atSeconds: 40, playing: false })
  await until('the newest one counts', () => seen()?.atSeconds === 40)
  for (const room of [ada, ben, late, tab]) room.leave()
})

test('typing is told until it is over: said, left, or not renewed', async () => {
  await using server = await startRoomsServer({
    bus: createLoopbackBus(),
    serverId: 'one',
    times: { ...quickTimes, typingEndsMs: 400 },
  })
  const ada = await server.join({ name: 'Ada' })
  const typing = new Set<string>()
  ada.on('typing', notice => (notice.typing ? typing.add(notice.name) : typing.delete(notice.name)))
  const ben = await server.join({ name: 'Ben' })
  ben.typing()
  await until('Ben types', () => typing.has('Ben'))
  ben.typing(false)
  await until('Ben has said that it is over', () => !typing.has('Ben'))
  const cleo = await server.join({ name: 'Cleo' })
  cleo.typing()
  await until('Cleo types', () => typing.has('Cleo'))
  await until('it was not renewed', () => !typing.has('Cleo'))
  ben.typing()
  await until('Ben types again', () => typing.has('Ben'))
  ben.leave()
  await until('Ben has left', () => !typing.has('Ben'))
  for (const room of [ada, cleo]) room.leave()
})
