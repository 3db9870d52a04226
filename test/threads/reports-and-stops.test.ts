import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../server/platform/errors.ts'
import { createPool, type Pool } from '../../server/platform/threads/index.ts'
import type { Order } from './worker.ts'

const open: Pool<Order, number, string>[] = []
const pool = (maxThreads = 1) => {
  const made = createPool<Order, number, string>({ file: new URL('./worker.ts', import.meta.url), maxThreads })
  open.push(made)
  return made
}
afterEach(async () => {
  for (const made of open.splice(0)) await made.stop()
})

test('a thread runs a TypeScript module and answers', async () => {
  assert.equal(await pool().run({ do: 'add', a: 2, b: 3 }), 5)
})

test('a fault keeps its code, message and details across the border', async () => {
  await assert.rejects(pool().run({ do: 'fail' }), (fault: unknown) => {
    assert.ok(fault instanceof AppError)
    assert.equal(fault.code, 'media.failed')
    assert.equal(fault.message, 'No such film.')
    assert.deepEqual(fault.details, { line: 3 })
    return true
  })
})

test('an abort lets the worker clean up first, then rejects with its reason', async () => {
  const stop = new AbortController()
  const notes: string[] = []
  const run = pool().run(
    { do: 'wait' },
    {
      signal: stop.signal,
      onNote: note => {
        notes.push(note)
        if (note === 'started') stop.abort(new Error('enough'))
      },
    },
  )
  await assert.rejects(run, /enough/)
  assert.deepEqual(notes, ['started', 'cleaned up'])
})

test('an abort while waiting for a thread rejects at once and the work never starts', async () => {
  const threads = pool()
  const stop = new AbortController()
  const notes: string[] = []
  const started = Promise.withResolvers<void>()
  const first = new AbortController()
  const busy = threads.run({ do: 'wait' }, { signal: first.signal, onNote: () => started.resolve() })
  await started.promise
  const queued = threads.run({ do: 'wait' }, { signal: stop.signal, onNote: note => notes.push(note) })
  stop.abort(new Error('not needed'))
  await assert.rejects(queued, /not needed/)
  first.abort(new Error('make room'))
  await assert.rejects(busy, /make room/)
  assert.equal(await threads.run({ do: 'add', a: 1, b: 1 }), 2)
  assert.deepEqual(notes, [])
})

test('a thread that dies rejects its work and the next one gets a new thread', async () => {
  const threads = pool()
  await assert.rejects(threads.run({ do: 'crash' }))
  assert.equal(await threads.run({ do: 'add', a: 4, b: 4 }), 8)
})

test('stop aborts what runs, and nothing starts afterwards', async () => {
  const threads = pool()
  const notes: string[] = []
  const started = Promise.withResolvers<void>()
  const run = threads.run(
    { do: 'wait' },
    {
      onNote: note => {
        notes.push(note)
        started.resolve()
      },
    },
  )
  await started.promise
  const rejected = assert.rejects(run, { code: 'server.stopping' })
  await threads.stop()
  await rejected
  assert.deepEqual(notes, ['started', 'cleaned up'])
  await assert.rejects(threads.run({ do: 'add', a: 1, b: 1 }), { code: 'server.stopping' })
})

test('the main thread stays free while a thread computes', async () => {
  let ticks = 0
  const ticking = setInterval(() => ticks++, 5)
  await pool().run({ do: 'spin', ms: 200 })
  clearInterval(ticking)
  assert.ok(ticks > 10, `${ticks} ticks`)
})

test('a thread that dies with nothing to do harms nobody, and the next task gets another one', async () => {
  const made = pool()
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(await made.run({ do: 'crash later' }), 1)
    // A fault that nobody heard would end the process of this test within that time.
    await wait(100)
    assert.equal(await made.run({ do: 'add', a: 2, b: turn }), 2 + turn)
  }
})
