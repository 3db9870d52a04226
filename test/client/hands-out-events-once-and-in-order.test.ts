import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEventSequence } from '../../client-sdk/src/rooms/event-sequence.ts'

const events = (...seqs: number[]) => seqs.map(seq => ({ seq }))
const seqs = (list: { seq: number }[]) => list.map(event => event.seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

function begun(seq: number) {
  const sequence = createEventSequence<{ seq: number }>()
  sequence.begin(seq)
  return sequence
}

test('events come out as they come in when they are in order', () => {
  const sequence = begun(0)
  assert.deepEqual(seqs(sequence.take(events(1, 2))), [1, 2])
  assert.deepEqual(seqs(sequence.take(events(3))), [3])
  assert.equal(sequence.seq, 3)
  assert.equal(sequence.isBehind, false)
})

test('what comes before the joining is answered waits, and what the answer holds already is dropped', () => {
  const sequence = createEventSequence<{ seq: number }>()
  assert.deepEqual(sequence.take(events(7, 8, 9)), [])
  assert.equal(sequence.isBehind, false)
  assert.deepEqual(seqs(sequence.begin(7)), [8, 9])
  assert.equal(sequence.seq, 9)
})

test('a duplicate is dropped, at once and much later', () => {
  const sequence = begun(0)
  assert.deepEqual(seqs(sequence.take(events(1, 1, 2, 1, 2))), [1, 2])
  assert.deepEqual(sequence.take(events(2, 1)), [])
  assert.equal(sequence.isBehind, false)
})

test('a gap holds back what follows, says so, and closes', () => {
  const sequence = begun(0)
  assert.deepEqual(seqs(sequence.take(events(1, 4, 5))), [1])
  assert.equal(sequence.isBehind, true)
  assert.equal(sequence.seq, 1)
  assert.deepEqual(seqs(sequence.take(events(2))), [2])
  assert.equal(sequence.isBehind, true)
  assert.deepEqual(seqs(sequence.take(events(3))), [3, 4, 5])
  assert.equal(sequence.isBehind, false)
})

test('a log that reaches further than what came is a gap too', () => {
  const sequence = begun(3)
  sequence.reaches(3)
  assert.equal(sequence.isBehind, false)
  sequence.reaches(5)
  assert.equal(sequence.isBehind, true)
  assert.deepEqual(seqs(sequence.take(events(4, 5))), [4, 5])
  assert.equal(sequence.isBehind, false)
})

test('beginning again never goes back', () => {
  const sequence = begun(5)
  assert.deepEqual(sequence.begin(2), [])
  assert.equal(sequence.seq, 5)
})

test('a flood behind a gap is not kept without end, and is caught up with all the same', () => {
  const sequence = begun(0)
  sequence.take(events(...range(2, 12_000)))
  assert.equal(sequence.seq, 0)
  const out: number[] = []
  for (let replays = 0; sequence.isBehind; replays++) {
    assert.ok(replays < 20, 'each replay of 1000 gets it at least 1000 further')
    out.push(...seqs(sequence.take(events(...range(sequence.seq + 1, Math.min(sequence.seq + 1000, 12_000))))))
  }
  assert.deepEqual(out, range(1, 12_000))
})

test('whatever is shuffled, doubled, cut into frames and delayed comes out once and in order', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = randomFrom(seed)
    const last = 1 + Math.floor(random() * 60)
    const start = Math.floor(random() * last)
    const doubled = [...range(1, last), ...range(1, last)].sort(() => random() - 0.5)
    const sequence = createEventSequence<{ seq: number }>()
    const beginAfter = Math.floor(random() * 10)
    const out: number[] = []
    for (let frame = 0; doubled.length > 0; frame++) {
      if (frame === beginAfter) out.push(...seqs(sequence.begin(start)))
      out.push(...seqs(sequence.take(events(...doubled.splice(0, 1 + Math.floor(random() * 7))))))
    }
    out.push(...seqs(sequence.begin(start)))
    assert.deepEqual(out, range(start + 1, last), `seed ${seed}`)
    assert.equal(sequence.isBehind, false)
  }
})

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

test('a room that is given anew goes on with what came before the answer, and forgets another log', () => {
  const sequence = begun(2)
  assert.deepEqual(sequence.take(events(900, 901, 903)), [])
  assert.deepEqual(seqs(sequence.reset(900)), [901])
  assert.deepEqual([sequence.seq, sequence.isBehind], [901, true])
  assert.deepEqual(seqs(sequence.take(events(902))), [902, 903])
  sequence.take(events(905))
  assert.deepEqual(sequence.reset(5), [])
  assert.deepEqual([sequence.seq, sequence.isBehind], [5, false])
})
