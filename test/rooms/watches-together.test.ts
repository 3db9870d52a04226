import assert from 'node:assert/strict'
import { test } from 'node:test'
import { io } from 'socket.io-client'
import { type Playback, type Room, RushesError, type WatchingChange } from '../../client-sdk/src/index.ts'
import type { RoomTimes } from '../../server/rooms/index.ts'
import { createFakePlayer } from '../support/fake-player.ts'
import { openProxy } from '../support/open-proxy.ts'
import { createLoopbackBus, quickTimes, type RoomsServer, roomId, startRoomsServer } from '../support/rooms-servers.ts'
import { until } from '../support/until.ts'

const times: Partial<RoomTimes> = { ...quickTimes, leadIdleMs: 300 }
const one = () => startRoomsServer({ bus: createLoopbackBus(), serverId: 'one', times })
async function two(clocks: [number, number] = [0, 0]) {
  const bus = createLoopbackBus()
  const nowMs = (n: number) => () => Date.now() + (clocks[n] ?? 0)
  const [here, there] = (await Promise.all(
    ['here', 'there'].map((serverId, n) => startRoomsServer({ bus, serverId, times, nowMs: nowMs(n) })),
  )) as [RoomsServer, RoomsServer]
  return {
    ...{ bus, here, there },
    async [Symbol.asyncDispose]() {
      await Promise.all([here.stop(), there.stop()])
    },
  }
}
const person = (name: string) => `the secret of ${name}`
const hasCode = (code: string) => (fault: unknown) => fault instanceof RushesError && fault.code === code
const leaderOf = (room: Room) => room.playback.leader?.name ?? null
const untilLeads = (rooms: Room[], name: string | null) =>
  until(`${name} leads`, () => rooms.every(room => leaderOf(room) === name))
const leaveAll = (...rooms: Room[]) => {
  for (const room of rooms) room.leave()
}
/** A player in the middle of its film. */
function playing(atSeconds = 60) {
  const player = createFakePlayer()
  player.currentTime = atSeconds
  void player.play()
  return player
}
const apart = (a: { currentTime: number }, b: { currentTime: number }) => Math.abs(a.currentTime - b.currentTime)

test('one leads, who follows plays along, and whoever comes late does too', async () => {
  await using server = await one()
  const [ada, ben] = await Promise.all(['Ada', 'Ben'].map(name => server.join({ name })))
  assert.ok(ada && ben)
  const [leading, following] = [playing(), createFakePlayer()]
  ben.follow(following)
  await ada.lead(leading)
  await until('Ben plays along', () => !following.paused && apart(leading, following) < 0.2)
  assert.deepEqual([ada.watching, ben.watching], ['leading', 'following'])
  await until('it is seen who follows', () => ada.members.find(({ name }) => name === 'Ben')?.following === true)
  const late = await server.join({ name: 'Cleo' })
  assert.equal(leaderOf(late), 'Ada')
  const third = createFakePlayer()
  late.follow(third)
  await until('Cleo plays along', () => !third.paused && apart(leading, third) < 0.2)
  leading.pause()
  await until('all stand', () => [following, third].every(player => player.paused && apart(leading, player) < 0.01))
  following.currentTime = 5
  await until('Ben has let go', () => ben.watching === null)
  await until('that is seen', () => ada.members.find(({ name }) => name === 'Ben')?.following === false)
  leaveAll(ada, ben, late)
})

test('nobody takes the lead from someone; let go, it is free', async () => {
  await using server = await one()
  const [ada, ben] = await Promise.all(['Ada', 'Ben'].map(name => server.join({ name })))
  assert.ok(ada && ben)
  const release = await ada.lead(playing())
  await assert.rejects(
    ben.lead(playing()),
    (fault: unknown) =>
      hasCode('playback.taken')(fault) &&
      (fault as { details: { leader: Playback['leader'] } }).details.leader?.name === 'Ada',
  )
  assert.equal(ben.watching, null)
  await assert.rejects(ben.handLead(ben.memberId), hasCode('playback.not_leading'))
  release()
  await untilLeads([ada, ben], null)
  assert.equal(ada.watching, null)
  assert.equal(ben.playback.playing, false)
  assert.ok(Math.abs(ben.playback.atSeconds - 60) < 1)
  await ben.lead(playing())
  await untilLeads([ada, ben], 'Ben')
  leaveAll(ada, ben)
})

test('the lead can be handed to someone who is here, and to nobody else', async () => {
  await using shared = await two()
  const ada = await shared.here.join({ name: 'Ada' })
  const ben = await shared.there.join({ name: 'Ben' })
  await until('they see each other', () => ada.members.length === 2)
  const changes: WatchingChange[] = []
  ada.on('watching', change => changes.push(change))
  await ada.lead(playing())
  await until('Ben is told', () => ben.playback.playing)
  await assert.rejects(ada.handLead('nobody'), hasCode('request.invalid'))
  await ada.handLead(ben.memberId)
  assert.deepEqual(changes.at(-1), { as: null, reason: 'handed' })
  await untilLeads([ada, ben], 'Ben')
  assert.equal(ben.playback.playing, true)
  await ben.lead(playing(120))
  await until('Ben has taken it up', () => ada.playback.atSeconds >= 120)
  await assert.rejects(ada.lead(playing()), hasCode('playback.taken'))
  leaveAll(ada, ben)
})

test('a lead that was handed on and is not taken up is free again, and so is that of a closed tab', async () => {
  await using server = await one()
  const ada = await server.join({ name: 'Ada', person: person('Ada') })
  const ben = await server.join({ name: 'Ben' })
  await until('they see each other', () => ada.members.length === 2)
  await ada.lead(playing())
  await ada.handLead(ben.memberId)
  await untilLeads([ada, ben], 'Ben')
  await untilLeads([ada, ben], null)
  const tab = await server.join({ name: 'Ada', person: person('Ada') })
  await tab.lead(playing())
  await untilLeads([ada, ben], 'Ada')
  tab.leave()
  await untilLeads([ada, ben], null)
  leaveAll(ada, ben)
})

test('when whoever leads is gone nobody leads, and the film stays where it is for those who followed', async () => {
  await using shared = await two()
  const ada = await shared.here.join({ name: 'Ada' })
  const ben = await shared.there.join({ name: 'Ben' })
  const following = createFakePlayer()
  ben.follow(following)
  await ada.lead(playing())
  await until('Ben plays along', () => !following.paused)
  ada.leave()
  await untilLeads([ben], null)
  assert.equal(following.paused, false)
  assert.equal(following.playbackRate, 1)
  assert.equal(ben.watching, 'following')
  const cleo = await shared.here.join({ name: 'Cleo' })
  const leading = playing(200)
  await cleo.lead(leading)
  await until('Ben follows the next one', () => apart(leading, following) < 0.2)
  leaveAll(ben, cleo)
})

test('when the server of whoever leads is dead nobody leads', async () => {
  await using shared = await two()
  const ada = await shared.here.join({ name: 'Ada' })
  const ben = await shared.there.join({ name: 'Ben' })
  await ada.lead(playing())
  await until('Ben knows', () => leaderOf(ben) === 'Ada' && ben.members.length === 2)
  shared.bus.silence('here')
  await untilLeads([ben], null)
  await ben.lead(playing())
  shared.bus.mend('here')
  await until('both servers agree again', () => leaderOf(ada) !== null && leaderOf(ada) === leaderOf(ben))
  leaveAll(ada, ben)
})

test('two who take the lead at once, at two servers, leave one who leads', async () => {
  await using shared = await two()
  const ada = await shared.here.join({ name: 'Ada' })
  const ben = await shared.there.join({ name: 'Ben' })
  await until('they see each other', () => ada.members.length === 2 && ben.members.length === 2)
  const taken = await Promise.allSettled([ada.lead(playing()), ben.lead(playing(300))])
  assert.ok(taken.some(each => each.status === 'fulfilled'))
  await until('one leads', () => leaderOf(ada) !== null && leaderOf(ada) === leaderOf(ben))
  await until('the other knows', () => [ada.watching, ben.watching].filter(as => as === 'leading').length === 1)
  assert.equal(ada.watching === 'leading' ? 'Ada' : 'Ben', leaderOf(ben))
  leaveAll(ada, ben)
})

test('it is agreed who leads though half of what servers tell each other is lost', async () => {
  await using shared = await two()
  shared.bus.lose(0.5)
  const ada = await shared.here.join({ name: 'Ada' })
  const ben = await shared.there.join({ name: 'Ben' })
  const late = await shared.there.join({ name: 'Cleo' })
  for (const room of [ada, ben, ada]) {
    const release = await until('the lead is free', () => room.lead(playing()).catch(() => null))
    await untilLeads([ada, ben, late], room === ada ? 'Ada' : 'Ben')
    release()
    await untilLeads([ada, ben, late], null)
  }
  leaveAll(ada, ben, late)
})

test('servers whose clocks are seconds apart have their people together', async () => {
  await using shared = await two([0, 3_500])
  const ada = await shared.here.join({ name: 'Ada' })
  const ben = await shared.there.join({ name: 'Ben' })
  const [leading, following] = [playing(), createFakePlayer()]
  await ada.lead(leading)
  ben.follow(following)
  await until('Ben plays along', () => !following.paused && apart(leading, following) < 0.1)
  assert.ok(Math.abs(ben.now() - ada.now() - 3_500) < 100)
  leaveAll(ada, ben)
})

test('after a broken connection leading and following go on by themselves', async () => {
  await using server = await one()
  await using proxy = await openProxy(server.url)
  const ada = await server.join({ name: 'Ada', person: person('Ada'), url: proxy.url })
  const ben = await server.join({ name: 'Ben', person: person('Ben'), url: proxy.url })
  const watcher = await server.join({ name: 'Cleo' })
  const [leading, following] = [playing(), createFakePlayer()]
  await ada.lead(leading)
  ben.follow(following)
  await until('Ben plays along', () => !following.paused)
  proxy.cut()
  await untilLeads([watcher], null)
  leading.currentTime = 400
  proxy.mend()
  await untilLeads([watcher, ada, ben], 'Ada')
  await until('Ben plays along again', () => apart(leading, following) < 0.2)
  await until('that is seen', () => watcher.members.find(({ name }) => name === 'Ben')?.following === true)
  leaveAll(ada, ben, watcher)
})

test('a leader who tells without end makes ten notices a second', async () => {
  await using server = await startRoomsServer({ bus: createLoopbackBus(), serverId: 'one' })
  const ben = await server.join({ name: 'Ben' })
  const socket = io(`${server.url}/rooms`, { transports: ['websocket'], forceNew: true, auth: { name: 'Ada' } })
  await socket.emitWithAck('room.join', { videoId: roomId })
  const beganMs = performance.now()
  for (let n = 1; n <= 300; n++)
    await socket.emitWithAck('playback.lead', { videoId: roomId, atSeconds: n, playing: false, rate: 1 })
  await until('the last one counts', () => ben.playback.atSeconds === 300)
  const most = 1 + (performance.now() - beganMs) / 100
  assert.ok((server.told.get('playback') ?? 0) <= most)
  socket.close()
  ben.leave()
})
