import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, test } from 'node:test'
import { createFileWriter, type FileWriter } from '../../server/platform/blobs/index.ts'
import { until } from '../support/until.ts'

let folder: string
let writer: FileWriter
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'writer-'))
  writer = createFileWriter()
})
after(async () => {
  await writer.stop()
  await rm(folder, { recursive: true })
})

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const piecesOf = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    Buffer.from(bytes.subarray(index * size, (index + 1) * size)),
  )

for (const [size, pieceBytes] of [
  [0, 1],
  [1, 1],
  [5_000_003, 65_536],
  [30_000_000, 700_001],
] as const) {
  test(`${size} bytes in pieces of ${pieceBytes} are there, with their checksum`, async () => {
    const path = join(folder, `film-${size}`)
    const bytes = randomBytes(size)
    const sink = writer.sink(path)
    await pipeline(Readable.from(piecesOf(bytes, pieceBytes)), sink)
    assert.deepEqual(await readFile(path), bytes)
    assert.deepEqual({ ...sink.written() }, { ...sink.written(), sizeBytes: size, sha256: sha256(bytes) })
  })
}

test('memory that others have too stays theirs', async () => {
  const shared = Buffer.from(randomBytes(3_000_000))
  const kept = Buffer.from(shared)
  const sink = writer.sink(join(folder, 'shared'))
  await pipeline(Readable.from([shared.subarray(0, 1_000_000), shared.subarray(1_000_000)]), sink)
  assert.deepEqual(shared, kept)
  assert.equal(sink.written().sha256, sha256(kept))
})

test('a file that is gone on with keeps its checksum, part by part', async () => {
  const path = join(folder, 'parts')
  const bytes = randomBytes(3_000_000)
  await pipeline(Readable.from([Buffer.from(bytes.subarray(0, 1_000_000))]), writer.sink(path, { keep: true }))
  const second = writer.sink(path, { offset: 1_000_000, keep: true })
  await pipeline(Readable.from([Buffer.from(bytes.subarray(1_000_000))]), second)
  assert.deepEqual(await readFile(path), bytes)
  assert.equal(second.written().sha256, sha256(bytes))
  assert.equal((await writer.digest(path)).sha256, sha256(bytes))
})

test('what somebody else changed meanwhile is counted anew', async () => {
  const path = join(folder, 'changed')
  await pipeline(Readable.from([Buffer.from('first')]), writer.sink(path, { keep: true }))
  await appendFile(path, ' and more')
  const third = writer.sink(path, { offset: 14, keep: true })
  await pipeline(Readable.from([Buffer.from(', last')]), third)
  assert.equal(third.written().sha256, null)
  assert.equal((await writer.digest(path)).sha256, sha256(Buffer.from('first and more, last')))
  await pipeline(Readable.from([Buffer.from('same size')]), writer.sink(path, { keep: true }))
  await utimes(path, 1, 1)
  assert.equal((await writer.digest(path)).sha256, sha256(Buffer.from('same size')))
})

test('a slow sender’s bytes do not wait for more of them', async () => {
  const path = join(folder, 'slow')
  const sink = writer.sink(path)
  sink.write(Buffer.from('a few'))
  await until('they are written', async () => (await readFile(path, 'utf8').catch(() => '')) === 'a few')
  sink.end()
  await once(sink, 'close')
})

test('what broke off is written as far as it came, before the sink is closed', async () => {
  const path = join(folder, 'broken')
  const sink = writer.sink(path, { keep: true })
  sink.write(Buffer.alloc(2_000_000, 'x'))
  sink.destroy(new Error('the sender is gone'))
  await new Promise<void>(done => sink.once('close', () => done()))
  assert.equal((await readFile(path)).length, 2_000_000)
  const rest = writer.sink(path, { offset: 2_000_000, keep: true })
  await pipeline(Readable.from([Buffer.from('y')]), rest)
  assert.equal(rest.written().sha256, sha256(Buffer.concat([Buffer.alloc(2_000_000, 'x'), Buffer.from('y')])))
})

test('a fault of the disk reaches whoever writes, and others go on', async () => {
  const lost = writer.sink(join(folder, 'no-such-folder', 'film'))
  await assert.rejects(pipeline(Readable.from([Buffer.from('film')]), lost), { code: 'ENOENT' })
  await assert.rejects(writer.digest(join(folder, 'nothing')), { code: 'ENOENT' })
  const fine = writer.sink(join(folder, 'fine'))
  await pipeline(Readable.from([Buffer.from('film')]), fine)
  assert.equal(fine.written().sizeBytes, 4)
})

test('a full disk is said to be one', { skip: !existsSync('/dev/full') && 'there is no /dev/full here' }, async () => {
  const sink = writer.sink('/dev/full')
  await assert.rejects(pipeline(Readable.from([Buffer.alloc(3_000_000)]), sink), { code: 'storage.full' })
})

test('a writer that stopped takes nothing more', async () => {
  const other = createFileWriter()
  await pipeline(Readable.from([Buffer.from('film')]), other.sink(join(folder, 'other')))
  await other.stop()
  assert.throws(() => other.sink(join(folder, 'late')), { code: 'server.stopping' })
})
