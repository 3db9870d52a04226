import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { WatchingChange } from '../../client-sdk/src/index.ts'
import { correction } from '../../client-sdk/src/rooms/correction.ts'
import { createServerClock } from '../../client-sdk/src/rooms/server-clock.ts'
import { createWatchTogether } from '../../client-sdk/src/rooms/watch-together.ts'
import type { Playback } from '../../shared/index.ts'
import { createFakePlayer, type FakePlayer, type FakePlayerOptions } from '../support/fake-player.ts'

for (const { why, behind, rate = 1, actualRate = rate, seekFrom, expected } of [
  { why: 'where it is to be', behind: 0, expected: { type: 'nothing' } },
  { why: 'so little that nobody sees it', behind: 0.039, expected: { type: 'nothing' } },
  { why: 'ahead by as little', behind: -0.039, expected: { type: 'nothing' } },
  { why: 'there again after a nudge', behind: 0.01, actualRate: 1.08, expected: { type: 'rate', rate: 1 } },
  { why: 'a little behind', behind: 0.1, expected: { type: 'rate', rate: 1.05 } },
  { why: 'a little ahead', behind: -0.1, expected: { type: 'rate', rate: 0.95 } },
  { why: 'nudged rightly already', behind: 0.1, actualRate: 1.05, expected: { type: 'nothing' } },
  { why: 'far behind', behind: 0.9, expected: { type: 'rate', rate: 1.08 } },
  { why: 'far ahead', behind: -0.9, expected: { type: 'rate', rate: 0.92 } },
  { why: 'nudged at double speed', behind: 0.9, rate: 2, expected: { type: 'rate', rate: 2.16 } },
  { why: 'at another speed', behind: 0, rate: 1.5, actualRate: 1, expected: { type: 'rate', rate: 1.5 } },
  { why: 'too far behind to catch up', behind: 1, expected: { type: 'seek', toSeconds: 100 } },
  { why: 'too far ahead to wait', behind: -1, expected: { type: 'seek', toSeconds: 100 } },
  { why: 'behind after a jump', behind: 0.3, seekFrom: 0.2, expected: { type: 'seek', toSeconds: 100 } },
]) {
  test(`a correction for a film that is ${why}`, () => {
    const actual = { atSeconds: 100 - behind, rate: actualRate }
    assert.deepEqual(correction({ atSeconds: 100, rate }, actual, seekFrom), expected)
  })
}

/** A random number from 0 to 1, the same ones each time. */
function numbers(seed: number) {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

interface Machine {
  /** Its clock. */
  offMs: number
  skew: number
  /** Its link, one way. */
  quickestMs: number
  slowestMs: number
}

/** A server and machines with clocks that are off and run unevenly, with links that take their time, in a time of our own. */
function createWorld(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const random = numbers(42)
  let ms = 0
  const nowMs = () => ms
  const serverMs = () => 1_700_000_000_000 + ms
  let playback: Playback = { leader: null, atSeconds: 0, playing: false, rate: 1, clockMs: serverMs() }
  const machines = new Set<(playback: Playback) => void>()
  const tellAll = () => {
    for (const hear of machines) hear(playback)
  }

  const machine = (name: string, { offMs, skew, quickestMs, slowestMs }: Machine, player: FakePlayer) => {
    const elapsedMs = () => offMs + ms * skew
    const way = () => new Promise<void>(done => setTimeout(done, quickestMs + random() * (slowestMs - quickestMs)))
    const request = async (asked: string, payload: Partial<Playback>, onAnswer?: (answer: object) => void) => {
      await way()
      let answer: object = { nowMs: serverMs() }
      if (asked === 'playback.lead') {
        const { atSeconds = 0, playing = false, rate = 1, clockMs = serverMs() } = payload
        playback = { leader: { id: name, name }, atSeconds, playing, rate, clockMs }
        answer = { playback }
        tellAll()
      }
      await way()
      onAnswer?.(answer)
      return answer
    }
    const serverClock = createServerClock({
      read: async () => ((await request('clock.read', {})) as { nowMs: number }).nowMs,
      elapsedMs,
    })
    serverClock.connected()
    let known = playback
    const changes: WatchingChange[] = []
    const watch = createWatchTogether({
      videoId: 'one',
      link: { request: request as never, tell: () => {} },
      clock: serverClock,
      playback: {
        get: () => known,
        set(next) {
          known = next
        },
      },
      memberId: () => name,
      onChange: change => changes.push(change),
      elapsedMs,
    })
    // In the order in which they were sent, as a connection has it.
    let last = Promise.resolve()
    machines.add(next => {
      const arrived = way()
      last = last
        .then(() => arrived)
        .then(() => {
          known = next
          watch.changed()
        })
    })
    t.after(() => {
      watch.stop()
      serverClock.stop()
    })
    return { watch, changes, player }
  }

  /** Lets time pass, and returns the most by which two players were apart. */
  const pass = async (seconds: number, players: FakePlayer[] = []) => {
    let most = 0
    for (let step = 0; step < seconds * 100; step++) {
      ms += 10
      t.mock.timers.tick(10)
      await new Promise(done => setImmediate(done))
      const places = players.map(player => player.currentTime)
      if (places.length > 0) most = Math.max(most, Math.max(...places) - Math.min(...places))
    }
    return most
  }
  return {
    nowMs,
    machine,
    pass,
    playerOf: (options: FakePlayerOptions = {}) => createFakePlayer({ nowMs, ...options }),
  }
}

async function leadAndFollow(t: TestContext, options: FakePlayerOptions = {}) {
  const world = createWorld(t)
  const near = { offMs: 5_000, skew: 1.000_05, quickestMs: 2, slowestMs: 60 }
  const far = { offMs: 99_000, skew: 0.999_9, quickestMs: 110, slowestMs: 260 }
  const leader = world.machine('Ada', near, world.playerOf({ skew: 1.0003 }))
  const follower = world.machine('Ben', far, world.playerOf({ skew: 0.9995, ...options }))
  const leading = leader.watch.lead(leader.player)
  await world.pass(1)
  const stopLeading = await leading
  const stop = follower.watch.follow(follower.player)
  await world.pass(3)
  return { world, leader, follower, stop, stopLeading }
}

test('two players with clocks that differ and links that jitter stay within 200 ms', async t => {
  const { world, leader, follower } = await leadAndFollow(t, { seekMs: 180 })
  const both = [leader.player, follower.player]
  const acts: Record<string, () => unknown> = {
    plays: () => leader.player.play(),
    'jumps far': () => {
      leader.player.currentTime = 300
    },
    'jumps a little': () => {
      leader.player.currentTime += 0.7
    },
    'goes faster': () => {
      leader.player.playbackRate = 1.5
    },
    'waits for bytes': () => leader.player.stall(),
    'goes on': () => leader.player.unstall(),
    'goes slower': () => {
      leader.player.playbackRate = 1
    },
    pauses: () => leader.player.pause(),
    'jumps while paused': () => {
      leader.player.currentTime = 20
    },
    'plays again': () => leader.player.play(),
  }
  for (const [what, act] of Object.entries(acts)) {
    act()
    await world.pass(1.5)
    const most = await world.pass(12, both)
    assert.ok(most < 0.2, `${Math.round(most * 1000)} ms apart after the leader ${what}`)
    assert.equal(follower.watch.watching, 'following')
  }
})

test('a paused film stands exactly where the leader has it', async t => {
  const { world, leader, follower } = await leadAndFollow(t)
  leader.player.play()
  await world.pass(5)
  leader.player.pause()
  await world.pass(1)
  assert.equal(follower.player.paused, true)
  assert.ok(Math.abs(follower.player.currentTime - leader.player.currentTime) < 0.01)
})

test('at the end of the film both stand there, and going back brings both back', async t => {
  const { world, leader, follower } = await leadAndFollow(t)
  leader.player.currentTime = 595
  leader.player.play()
  await world.pass(10)
  assert.deepEqual([leader.player.ended, follower.player.currentTime > 599.5], [true, true])
  assert.equal(follower.watch.watching, 'following')
  leader.player.currentTime = 10
  leader.player.play()
  await world.pass(2)
  assert.ok((await world.pass(3, [leader.player, follower.player])) < 0.2)
})

for (const [what, act] of Object.entries<(player: FakePlayer) => unknown>({
  pauses: player => player.pause(),
  seeks: player => {
    player.currentTime += 10
  },
  'changes the speed': player => {
    player.playbackRate = 2
  },
})) {
  test(`whoever ${what} by hand lets go, and nothing is corrected any more`, async t => {
    const { world, leader, follower } = await leadAndFollow(t)
    leader.player.play()
    await world.pass(3)
    act(follower.player)
    await world.pass(0.1)
    const { currentTime, paused, playbackRate } = follower.player
    assert.deepEqual(follower.changes.at(-1), { as: null, reason: 'by-hand' })
    leader.player.currentTime = 400
    await world.pass(2)
    assert.ok(Math.abs(follower.player.currentTime - currentTime) < 5)
    assert.equal(follower.player.paused, paused)
    assert.equal(follower.player.playbackRate, playbackRate)
  })
}

test('whoever stops following has their own speed back, and the film goes on', async t => {
  const { world, leader, follower, stop } = await leadAndFollow(t)
  leader.player.playbackRate = 1.5
  leader.player.play()
  await world.pass(3)
  stop()
  assert.equal(follower.player.playbackRate, 1)
  assert.equal(follower.player.paused, false)
  assert.deepEqual(follower.changes.at(-1), { as: null, reason: 'asked' })
})

test('a player that may not play is let go, and that is said', async t => {
  const { world, leader, follower } = await leadAndFollow(t, { refuses: true })
  leader.player.play()
  await world.pass(2)
  assert.deepEqual(follower.changes.at(-1), { as: null, reason: 'refused' })
})

test('corrections of our own are never taken for a hand', async t => {
  const { world, leader, follower } = await leadAndFollow(t, { seekMs: 300 })
  const random = numbers(3)
  leader.player.play()
  for (let n = 0; n < 120; n++) {
    const chance = random()
    if (chance < 0.3) leader.player.currentTime = random() * 590
    else if (chance < 0.5) leader.player.pause()
    else if (chance < 0.8) leader.player.play()
    else leader.player.playbackRate = 0.5 + random()
    await world.pass(random())
  }
  assert.equal(follower.watch.watching, 'following')
})

test('the clock is that of the quickest of several readings, and is compared anew with each connection', async () => {
  let elapsed = 0
  let serverMs = 1_000_000
  let trips = [
    { there: 300, back: 10 },
    { there: 20, back: 24 },
    { there: 200, back: 10 },
    { there: 500, back: 0 },
    { there: 90, back: 30 },
  ]
  const pass = (ms: number) => {
    elapsed += ms
    serverMs += ms
  }
  const clock = createServerClock({
    elapsedMs: () => elapsed,
    async read() {
      const { there, back } = trips.shift() ?? { there: 50, back: 50 }
      pass(there)
      const read = serverMs
      pass(back)
      return read
    },
  })
  const settled = () => new Promise(done => setImmediate(done))
  clock.connected()
  assert.equal(clock.isKnown, false)
  await settled()
  assert.deepEqual([clock.isKnown, clock.now() - serverMs], [true, -2])
  pass(10_000)
  assert.equal(clock.now() - serverMs, -2)
  // Another server, another clock.
  serverMs += 7_000
  trips = [{ there: 30, back: 30 }]
  clock.connected()
  assert.equal(clock.isKnown, false)
  await settled()
  assert.equal(clock.now(), serverMs)
  clock.stop()
})
