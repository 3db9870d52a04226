import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differenceOf, withPlayheads, withPresence } from '../../client-sdk/src/rooms/members.ts'
import { createOwnSignals } from '../../client-sdk/src/rooms/own-signals.ts'
import type { Member } from '../../shared/index.ts'

const member = (id: string, change: Partial<Member> = {}): Member => ({
  ...{ id, name: id, connections: 1, playhead: null, following: false },
  ...change,
})
const ids = (members: readonly Member[]) => members.map(({ id }) => id).join()

test('typing is renewed until it is over, and not for ever', t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const told: unknown[] = []
  const signals = createOwnSignals('one', {
    tell: (_: string, { typing }: { typing?: boolean }) => told.push(typing),
  } as never)
  signals.typing()
  signals.typing()
  t.mock.timers.tick(9_000)
  assert.deepEqual(told, [true, true, true, true])
  signals.typing(false)
  t.mock.timers.tick(60_000)
  assert.deepEqual(told.slice(4), [false])
})

test('after joining again one tells where a paused film stands, but not where a running one was', () => {
  const told: unknown[] = []
  const signals = createOwnSignals('one', { tell: (_: string, payload: object) => told.push(payload) } as never)
  signals.again()
  signals.playhead({ atSeconds: 5, playing: true })
  signals.again()
  signals.playhead({ atSeconds: 7, playing: false })
  signals.again()
  const standing = { videoId: 'one', atSeconds: 7, playing: false, rate: 1 }
  assert.deepEqual(told, [{ videoId: 'one', atSeconds: 5, playing: true, rate: 1 }, standing, standing])
})

test('whoever changes keeps their place among the members, and who is new comes last', () => {
  const before = [member('a'), member('b'), member('c')]
  const after = withPresence(before, { joined: [member('d'), member('b', { connections: 2 })], left: ['a', 'nobody'] })
  assert.equal(ids(after), 'b,c,d')
  assert.equal(after[0]?.connections, 2)
})

test('a place is that of its member, and nobody comes by it', () => {
  const playhead = { memberId: 'b', name: 'b', atSeconds: 3, playing: true, rate: 2 }
  const after = withPlayheads([member('a'), member('b')], [playhead, { ...playhead, memberId: 'gone' }])
  assert.deepEqual(after, [member('a'), member('b', { playhead: { atSeconds: 3, playing: true, rate: 2 } })])
})

test('the difference of two lists leads from one to the other, and says nothing of who stayed as they were', () => {
  const before = [member('a'), member('b'), member('c')]
  const after = [member('c', { following: true }), member('b'), member('d')]
  const difference = differenceOf(before, after)
  assert.deepEqual(difference, { joined: [after[0], after[2]], left: ['a'], count: 3 })
  assert.equal(ids(withPresence(before, difference)), 'b,c,d')
})
