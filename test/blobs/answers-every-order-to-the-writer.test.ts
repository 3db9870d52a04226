import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, afterEach, before, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { createFileWriter, type FileWriter } from '../../server/platform/blobs/index.ts'
import type { WriterSink } from '../../server/platform/blobs/writer/index.ts'

const script = new URL('../../server/platform/blobs/writer/writer-thread.ts', import.meta.url)
let folder: string
let writer: FileWriter
let threads: Worker[] = []
/** What the next threads are, first in first out; the real one when nothing is planned. */
let planned: (() => Worker)[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'writer-'))
})
afterEach(async () => {
  await writer.stop()
  await Promise.all(threads.map(thread => thread.terminate()))
  threads = []
  planned = []
})
after(() => rm(folder, { recursive: true }))

const open = () => {
  writer = createFileWriter({
    start() {
      const thread = (planned.shift() ?? (() => new Worker(script)))()
      threads.push(thread)
      return thread
    },
  })
  return writer
}
const closed = (sink: WriterSink) =>
  new Promise<void>(done => (sink.closed ? done() : sink.once('close', () => done())))
const send = (sink: WriterSink, bytes: Buffer) => pipeline(Readable.from([Buffer.from(bytes)]), sink)
/** Writes more than may be under way, so that it waits for the thread. */
const fill = (sink: WriterSink) => send(sink, Buffer.alloc(32_000_000))
const unavailable = { code: 'storage.unavailable' }

for (const [what, keep, gone] of [
  ['a file that was begun here', true, 'file'],
  ['a file that was begun elsewhere', false, 'file'],
  ['a file whose folder is gone', true, 'folder'],
] as const) {
  test(`going on with ${what} and is gone is an error, and others go on`, { timeout: 10_000 }, async () => {
    open()
    const inner = await mkdtemp(join(folder, 'gone-'))
    const path = join(inner, 'film')
    await send(writer.sink(path, { keep }), Buffer.alloc(1000))
    await rm(gone === 'file' ? path : inner, { recursive: true })
    await assert.rejects(send(writer.sink(path, { offset: 1000, keep: true }), Buffer.alloc(10)), { code: 'ENOENT' })
    await assert.rejects(writer.digest(path), { code: 'ENOENT' })
    const silent = writer.sink(path, { offset: 1000 })
    silent.destroy()
    await closed(silent)
    const fine = writer.sink(join(folder, 'fine'))
    await send(fine, Buffer.from('film'))
    assert.equal(fine.written().sizeBytes, 4)
  })
}

test('a disk that fails is an error for each who writes or reads there', {
  timeout: 10_000,
  skip: !existsSync('/proc/self/mem') && 'no file that fails is at hand',
}, async () => {
  open()
  await assert.rejects(send(writer.sink('/proc/self/mem'), Buffer.alloc(3_000_000)), { code: 'EIO' })
  await assert.rejects(writer.digest('/proc/self/mem'), { code: /E(IO|FAULT|INVAL)|storage/ })
  await assert.rejects(fill(writer.sink('/dev/full')), { code: 'storage.full' })
  await assert.rejects(send(writer.sink(folder), Buffer.from('film')), { code: 'EISDIR' })
})

test('a thread that dies at work answers all who wait; the next file starts another one', {
  timeout: 20_000,
}, async () => {
  open()
  const path = join(folder, 'dies')
  const half = writer.sink(path, { keep: true })
  half.write(Buffer.alloc(2_000_000))
  const waiting = [fill(writer.sink(join(folder, 'a'))), fill(writer.sink(join(folder, 'b'))), writer.digest(folder)]
  const ends = waiting.map(each => assert.rejects(each))
  await threads[0]?.terminate()
  await Promise.all(ends)
  await assert.rejects(send(half, Buffer.from('more')))
  await closed(half)
  assert.match(String(half.errored), /thread that writes files is lost/)
  const bytes = randomBytes(3_000_000)
  const next = writer.sink(path)
  await send(next, bytes)
  assert.deepEqual(await readFile(path), bytes)
  assert.equal(threads.length, 2)
})

test('the end of a thread that was lost harms nobody who writes with the next one', { timeout: 20_000 }, async () => {
  open()
  planned.push(() => new Worker('setInterval(() => {}, 1000)', { eval: true }))
  const first = writer.sink(join(folder, 'first'))
  const second = new Promise<WriterSink>(opened => {
    first.once('error', () => opened(writer.sink(join(folder, 'second'))))
  })
  first.write(Buffer.alloc(2_000_000))
  // An error comes before the exit of the same thread.
  threads[0]?.emit('error', new Error('out of memory'))
  const sink = await second
  await threads[0]?.terminate()
  await send(sink, Buffer.from('film'))
  assert.equal(sink.written().sizeBytes, 4)
})

test('a thread that can’t start is an error for whoever needs it, and is tried again', {
  timeout: 20_000,
}, async () => {
  open()
  planned.push(
    () => new Worker('throw new Error("no memory for it")', { eval: true }),
    () => new Worker(join(folder, 'no-such-script.ts')),
    () => {
      throw new Error('no thread is left')
    },
  )
  await assert.rejects(send(writer.sink(join(folder, 'late')), Buffer.from('film')), unavailable)
  await assert.rejects(writer.digest(join(folder, 'late')), unavailable)
  assert.throws(() => writer.sink(join(folder, 'late')), unavailable)
  await send(writer.sink(join(folder, 'late')), Buffer.from('film'))
})

test('a stop answers what is under way, and takes nothing more', { timeout: 20_000 }, async () => {
  open()
  const stopping = { code: 'server.stopping' }
  const lost = [fill(writer.sink(join(folder, 'c'))), send(writer.sink(join(folder, 'd')), Buffer.alloc(9))]
  const ends = lost.map(each => assert.rejects(each, stopping))
  await writer.stop()
  await Promise.all(ends)
  await assert.rejects(writer.digest(folder), stopping)
  assert.throws(() => writer.sink(folder), stopping)
})

test('a sink that is destroyed at any moment is closed', { timeout: 20_000 }, async () => {
  open()
  for (const moment of ['opened', 'written', 'full', 'ending', 'twice'] as const) {
    const sink = writer.sink(join(folder, moment))
    if (moment !== 'opened') sink.write(Buffer.alloc(moment === 'full' ? 32_000_000 : 100))
    if (moment === 'ending') sink.end()
    if (moment === 'twice') sink.destroy()
    sink.destroy(new Error('the sender is gone'))
    await closed(sink)
  }
  const path = join(folder, 'written')
  await send(writer.sink(path), Buffer.from('again'))
  assert.equal(await readFile(path, 'utf8'), 'again')
})

test('whoever gives up waiting for a checksum hears it at once', { timeout: 10_000 }, async () => {
  open()
  const path = join(folder, 'long')
  await send(writer.sink(path), Buffer.alloc(30_000_000))
  await assert.rejects(writer.digest(path, AbortSignal.abort(new Error('before'))), { message: 'before' })
  const abort = new AbortController()
  const counting = assert.rejects(writer.digest(path, abort.signal), { message: 'meanwhile' })
  abort.abort(new Error('meanwhile'))
  await counting
})
