import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Member, Room } from '../../client-sdk/src/index.ts'
import { openProxy } from '../support/open-proxy.ts'
import { createLoopbackBus, quickTimes, type RoomsServer, startRoomsServer } from '../support/rooms-servers.ts'
import { until } from '../support/until.ts'

const one = (times = quickTimes) => startRoomsServer({ bus: createLoopbackBus(), serverId: 'one', times })
async function several(count: number, times = quickTimes) {
  const bus = createLoopbackBus()
  const servers = await Promise.all(
    Array.from({ length: count }, (_, n) => startRoomsServer({ bus, serverId: `server ${n}`, times })),
  )
  return {
    bus,
    servers,
    at: (n: number) => servers[n % count] as RoomsServer,
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map(server => server.stop()))
    },
  }
}
const names = ({ members }: Pick<Room, 'members'>) =>
  members
    .map(member => member.name)
    .sort()
    .join()
const untilHere = (room: Room, expected: string) => until(`${expected} are here`, () => names(room) === expected)

/** Who is here by what was told alone: what joining answered, and the differences since. */
function addUp(room: Room): () => string {
  const known = new Map(room.members.map(member => [member.id, member]))
  room.on('presence', ({ joined, left, count }) => {
    for (const id of left) known.delete(id)
    for (const member of joined) known.set(member.id, member)
    assert.equal(known.size, count)
  })
  return () => names({ members: [...known.values()] })
}
const person = (name: string) => `the secret of ${name}`

test('several tabs of one person are one member, who is gone with the last of them', async () => {
  await using server = await one()
  const ada = await server.join({ name: 'Ada' })
  const tabs = await Promise.all([1, 2, 3].map(() => server.join({ name: 'Ben', person: person('Ben') })))
  const ben = (): Member | undefined => ada.members.find(member => member.name === 'Ben')
  await until('three tabs', () => ben()?.connections === 3)
  assert.equal(ada.members.length, 2)
  assert.equal(new Set(tabs.map(tab => tab.memberId)).size, 1)
  tabs[0]?.leave()
  tabs[1]?.leave()
  await until('one tab', () => ben()?.connections === 1)
  tabs[2]?.leave()
  await untilHere(ada, 'Ada')
  ada.leave()
  await until('nobody is counted', async () => /rushes_room_people 0/.test(await server.metrics.registry.metrics()))
})

test('the id of a member does not tell the secret, and people without one are people of their own', async () => {
  await using server = await one()
  const rooms = await Promise.all(['Ada', 'Ada'].map(name => server.join({ name })))
  assert.equal(new Set(rooms.map(room => room.memberId)).size, 2)
  const kept = await server.join({ name: 'Ben', person: person('Ben') })
  assert.ok(!kept.memberId.includes('secret'))
  for (const room of [...rooms, kept]) room.leave()
})

test('whoever joins at one server is told of those at the others, and they of them', async () => {
  await using shared = await several(3)
  const ada = await shared.at(0).join({ name: 'Ada' })
  await until('the others know', async () => (await countAt(shared.at(1))) === 1)
  const ben = await shared.at(1).join({ name: 'Ben' })
  assert.equal(names(ben), 'Ada,Ben')
  await untilHere(ada, 'Ada,Ben')
  ben.leave()
  await untilHere(ada, 'Ada')
  ada.leave()
})

/** How many one would find there. */
async function countAt(server: RoomsServer): Promise<number> {
  const visitor = await server.join({ name: 'visitor' })
  const count = visitor.members.length - 1
  visitor.leave()
  return count
}

test('a person with tabs at two servers is one member', async () => {
  await using shared = await several(2)
  const tabs = await Promise.all([0, 1].map(n => shared.at(n).join({ name: 'Ada', person: person('Ada') })))
  await until('both know', () => tabs.every(tab => tab.members.length === 1 && tab.members[0]?.connections === 2))
  tabs[0]?.leave()
  await until('one is left', () => tabs[1]?.members[0]?.connections === 1)
  tabs[1]?.leave()
})

test('the differences add up to the truth, though a third of what servers tell each other is lost', async () => {
  await using shared = await several(3)
  let seed = 7
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const watchers = await Promise.all([0, 1, 2].map(n => shared.at(n).join({ name: `watcher ${n}` })))
  const sums = watchers.map(addUp)
  shared.bus.lose(1 / 3, random)
  const here: Room[] = []
  for (let step = 0; step < 60; step++) {
    const isLeaving = here.length > 8 || (here.length > 0 && random() < 0.4)
    if (isLeaving) here.splice(Math.floor(random() * here.length), 1)[0]?.leave()
    else here.push(await shared.at(step).join({ name: `guest ${step}`, person: person(`guest ${step % 20}`) }))
    if (step % 10 === 0) await delay(25)
  }
  const truth = () => new Set([...watchers, ...here].map(room => room.memberId))
  const isTrue = (members: readonly Member[]) =>
    members.length === truth().size && members.every(({ id }) => truth().has(id))
  const everyone = [...watchers, ...here]
  await until('everyone knows everyone', () => everyone.every(room => isTrue(room.members)))
  for (const [n, room] of watchers.entries()) assert.equal(sums[n]?.(), names(room))
  for (const room of everyone) room.leave()
})

test('the people of a server that falls silent are gone in time, and back when it is heard again', async () => {
  await using shared = await several(2)
  const ada = await shared.at(0).join({ name: 'Ada' })
  const ben = await shared.at(1).join({ name: 'Ben' })
  await untilHere(ada, 'Ada,Ben')
  await untilHere(ben, 'Ada,Ben')
  shared.bus.silence('server 1')
  await untilHere(ada, 'Ada')
  await untilHere(ben, 'Ben')
  shared.bus.mend('server 1')
  await untilHere(ada, 'Ada,Ben')
  await untilHere(ben, 'Ada,Ben')
  ada.leave()
  ben.leave()
})

test('a server that ends well says so: nobody waits for it', async () => {
  await using shared = await several(2, { ...quickTimes, deadAfterMs: 60_000 })
  const ada = await shared.at(0).join({ name: 'Ada' })
  const ben = await shared.at(1).join({ name: 'Ben' })
  await untilHere(ada, 'Ada,Ben')
  await shared.at(1).stop()
  await untilHere(ada, 'Ada')
  ada.leave()
  ben.leave()
})

test('who came and went during a broken connection is told when it is back', async () => {
  await using server = await one()
  await using proxy = await openProxy(server.url)
  const ada = await server.join({ name: 'Ada', url: proxy.url, person: person('Ada') })
  const ben = await server.join({ name: 'Ben' })
  await untilHere(ada, 'Ada,Ben')
  const sum = addUp(ada)
  proxy.cut()
  await until('Ada is offline', () => ada.status === 'offline')
  ben.leave()
  const cleo = await server.join({ name: 'Cleo' })
  proxy.mend()
  await untilHere(ada, 'Ada,Cleo')
  assert.equal(sum(), 'Ada,Cleo')
  ada.leave()
  cleo.leave()
})

test('200 people who come at once are told of in a few notices, not in one each', async () => {
  await using server = await one({})
  const watcher = await server.join({ name: 'watcher' })
  server.told.clear()
  const beganMs = performance.now()
  const rooms = await Promise.all(Array.from({ length: 200 }, (_, n) => server.join({ name: `guest ${n}` })))
  await until('all are known', () => watcher.members.length === 201)
  const most = 2 + (performance.now() - beganMs) / 100
  assert.ok((server.told.get('presence') ?? 0) <= most, `${server.told.get('presence')} notices`)
  for (const room of [watcher, ...rooms]) room.leave()
})
