/** What every BlobStore keeps to. Call it from a test file with a way to make an empty store. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { PassThrough, Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, test } from 'node:test'
import type { BlobEntry, BlobStore, OpenBlob } from '../../server/platform/blobs/index.ts'

export interface StoreUnderTest extends AsyncDisposable {
  store: BlobStore
}

export interface Differences {
  /** False: what is removed can't be read on, though it was open; it must never be mixed with what replaces it. */
  keepsOpened: boolean
}

export function blobStoreContract(
  name: string,
  createStore: () => Promise<StoreUnderTest>,
  { keepsOpened }: Differences = { keepsOpened: true },
): void {
  describe(`${name} keeps the contract of a blob store`, () => {
    drafts(createStore)
    reading(createStore)
    if (keepsOpened) keepingOpened(createStore)
    else refusingOpened(createStore)
    listing(createStore)
    removing(createStore)
  })
}

function drafts(createStore: () => Promise<StoreUnderTest>): void {
  test('a draft is invisible until it is committed', async () => {
    await using under = await createStore()
    const draft = await under.store.draft('videos/a/original')
    await pipeline(Readable.from([Buffer.from('film')]), draft.stream)
    assert.equal(await under.store.stat('videos/a/original'), null)
    assert.equal(await readFile(draft.path, 'utf8'), 'film')
    assert.equal((await draft.commit()).sizeBytes, 4)
    assert.equal((await under.store.stat('videos/a/original'))?.sizeBytes, 4)
  })
  test('a discarded draft leaves nothing, and discarding after a commit does nothing', async () => {
    await using under = await createStore()
    const dropped = await under.store.draft('videos/a/original')
    dropped.stream.write('half')
    await dropped.discard()
    await assert.rejects(readFile(dropped.path))
    assert.equal(await under.store.stat('videos/a/original'), null)
    const kept = await write(under.store, 'videos/a/original', 'whole')
    await kept.discard()
    assert.equal(await textOf(under.store, 'videos/a/original'), 'whole')
  })
  test('a draft whose stream was not finished cannot be committed', async () => {
    await using under = await createStore()
    const draft = await under.store.draft('videos/a/original')
    await new Promise(done => draft.stream.write('half', done))
    await assert.rejects(draft.commit())
    assert.equal(await under.store.stat('videos/a/original'), null)
    await draft.discard()
  })
  test('a commit replaces what was there', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/playback', 'old')
    await write(under.store, 'videos/a/playback', 'newer')
    assert.equal(await textOf(under.store, 'videos/a/playback'), 'newer')
  })
  test('a commit may be under another key than was announced, and removing that one takes it', async () => {
    await using under = await createStore()
    const draft = await under.store.draft('videos/a/original')
    draft.stream.end('film')
    await draft.commit('videos/b/original')
    assert.deepEqual(await keysOf(under.store, ''), ['videos/b/original'])
    assert.equal(await textOf(under.store, 'videos/b/original'), 'film')
    const other = await under.store.draft('videos/a/original')
    other.stream.end('film')
    await assert.rejects(other.commit('../secret'))
    await other.discard()
  })
  test('many small writes and large ones arrive in order', async () => {
    await using under = await createStore()
    const pieces = Array.from({ length: 3000 }, (_, index) =>
      Buffer.alloc(index % 500 === 0 ? 300_000 : index % 7, index),
    )
    const draft = await under.store.draft('videos/a/original')
    for (const piece of pieces) draft.stream.write(piece)
    draft.stream.end()
    await draft.commit()
    assert.ok((await bytesOf(under.store, 'videos/a/original')).equals(Buffer.concat(pieces)))
  })
  for (const key of [
    '../secret',
    'videos/../secret',
    '/etc/passwd',
    'videos//a',
    'a/./b',
    'A',
    'videos/a b',
    '.drafts/x',
    '',
    'a\0b',
  ]) {
    test(`${JSON.stringify(key)} is no key`, async () => {
      await using under = await createStore()
      await assert.rejects(under.store.draft(key))
      await assert.rejects(under.store.open(key))
      await assert.rejects(under.store.removeAll(`${key}/`))
    })
  }
}

function reading(createStore: () => Promise<StoreUnderTest>): void {
  test('what is not there is null, and withFile says so', async () => {
    await using under = await createStore()
    assert.equal(await under.store.open('videos/a/original'), null)
    assert.equal(await under.store.stat('videos/a/original'), null)
    await write(under.store, 'videos/a/original', 'film')
    assert.equal(await under.store.open('videos/a'), null, 'a folder is no blob')
    const missing = under.store.withFile('videos/b/original', async path => path)
    await assert.rejects(missing, { code: 'storage.not_found' })
  })
  test('any span can be sent, and the stream stays open', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/original', '0123456789')
    const blob = await opened(under.store, 'videos/a/original')
    const sink = createSink()
    await blob.send(2, 4, sink.stream)
    await blob.send(9, 9, sink.stream)
    assert.equal(sink.bytes().toString(), '2349')
    assert.equal(sink.stream.writable, true)
    await blob.close()
  })
  test('a stream that hands its chunks on still gets the right bytes', async () => {
    await using under = await createStore()
    const film = Buffer.alloc(3_500_000, 'abcdefghijk')
    await write(under.store, 'videos/a/original', film)
    const blob = await opened(under.store, 'videos/a/original')
    const through = new PassThrough({ highWaterMark: 10_000_000 })
    await blob.send(0, film.length - 1, through)
    through.end()
    assert.ok(Buffer.concat(await through.toArray()).equals(film))
    await blob.close()
  })
  test('sending ends early, without a fault, when the receiver is closed', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/original', Buffer.alloc(5_000_000))
    const blob = await opened(under.store, 'videos/a/original')
    const stuck = new Writable({ write: () => stuck.destroy() })
    await blob.send(0, 4_999_999, stuck)
    await blob.send(0, 4_999_999, stuck)
    await blob.close()
  })
  test('closing twice is once, and closes for nobody else', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/original', 'film')
    const [one, other] = await Promise.all([
      opened(under.store, 'videos/a/original'),
      opened(under.store, 'videos/a/original'),
    ])
    await one.close()
    await one.close()
    assert.equal((await readAll(other)).toString(), 'film')
  })
  test('a tool gets a local file', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/original', 'film')
    assert.equal(await under.store.withFile('videos/a/original', path => readFile(path, 'utf8')), 'film')
  })
}

function keepingOpened(createStore: () => Promise<StoreUnderTest>): void {
  test('what was opened stays readable although it is replaced or removed', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/original', 'first')
    const first = await opened(under.store, 'videos/a/original')
    await write(under.store, 'videos/a/original', 'second')
    const second = await opened(under.store, 'videos/a/original')
    await under.store.removeAll('videos/a/')
    assert.equal((await readAll(first)).toString(), 'first')
    assert.equal((await readAll(second)).toString(), 'second')
    assert.equal(await under.store.open('videos/a/original'), null)
  })
}

function refusingOpened(createStore: () => Promise<StoreUnderTest>): void {
  test('what was opened and is replaced or removed is refused, and never mixed', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/original', 'first')
    const first = await opened(under.store, 'videos/a/original')
    await write(under.store, 'videos/a/original', 'other')
    const second = await opened(under.store, 'videos/a/original')
    const sink = createSink()
    await assert.rejects(first.send(0, 4, sink.stream), { code: 'storage.not_found' })
    assert.equal(sink.bytes().length, 0)
    assert.equal((await readAll(second)).toString(), 'other')
    const third = await opened(under.store, 'videos/a/original')
    await under.store.removeAll('videos/a/')
    await assert.rejects(third.send(0, 4, sink.stream), { code: 'storage.not_found' })
    assert.equal(await under.store.open('videos/a/original'), null)
  })
}

function listing(createStore: () => Promise<StoreUnderTest>): void {
  test('a list has every blob below its prefix once, and no draft', async () => {
    await using under = await createStore()
    const keys = ['videos/a/original', 'videos/a-b/original', 'videos/a.b', 'videos/ab/hls/0.m4s', 'other/x']
    for (const key of keys) await write(under.store, key, key)
    const draft = await under.store.draft('videos/c/original')
    assert.deepEqual(await keysOf(under.store, ''), keys.toSorted())
    assert.deepEqual(await keysOf(under.store, 'videos/a/'), ['videos/a/original'])
    assert.deepEqual(await keysOf(under.store, 'nothing/'), [])
    const [entry] = await entriesOf(under.store, 'other/')
    assert.equal(entry?.sizeBytes, 'other/x'.length)
    assert.ok(Math.abs(Date.now() - (entry?.modifiedAt.getTime() ?? 0)) < 60_000)
    await draft.discard()
  })
  test('it says where it is', async () => {
    await using under = await createStore()
    assert.match(await under.store.check(), /\S/)
  })
}

function removing(createStore: () => Promise<StoreUnderTest>): void {
  test('one blob is removed alone, and one that is not there does no harm', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/original', 'a')
    await write(under.store, 'videos/a/playback', 'b')
    await under.store.remove('videos/a/original')
    await under.store.remove('videos/a/original')
    await under.store.remove('videos/never/there')
    assert.deepEqual(await keysOf(under.store, ''), ['videos/a/playback'])
    await under.store.remove('videos/a/playback')
    await write(under.store, 'videos/a/original', 'again')
    assert.equal(await textOf(under.store, 'videos/a/original'), 'again')
  })
  test('removing a prefix takes its blobs and drafts, and nothing else', async () => {
    await using under = await createStore()
    await write(under.store, 'videos/a/original', 'a')
    await write(under.store, 'videos/a/hls/0.m4s', 'a')
    await write(under.store, 'videos/ab/original', 'ab')
    const draft = await under.store.draft('videos/a/playback')
    draft.stream.end('late')
    await under.store.removeAll('videos/a/')
    await assert.rejects(draft.commit(), 'a job that comes too late must not bring a removed video back')
    await assert.rejects(readFile(draft.path))
    assert.equal(await under.store.stat('videos/a/original'), null)
    assert.equal(await under.store.stat('videos/a/hls/0.m4s'), null)
    assert.equal(await textOf(under.store, 'videos/ab/original'), 'ab')
    await under.store.removeAll('videos/never-there/')
  })
  test('a draft that commits while its prefix is removed is gone as well', async () => {
    await using under = await createStore()
    const draft = await under.store.draft('videos/a/original')
    draft.stream.end('film')
    const commit = draft.commit()
    await under.store.removeAll('videos/a/')
    await commit
    assert.equal(await under.store.stat('videos/a/original'), null)
  })
}

async function write(store: BlobStore, key: string, bytes: string | Buffer) {
  const draft = await store.draft(key)
  await pipeline(Readable.from([Buffer.from(bytes)]), draft.stream)
  await draft.commit()
  return draft
}

async function opened(store: BlobStore, key: string): Promise<OpenBlob> {
  const blob = await store.open(key)
  assert.ok(blob, `${key} is there`)
  return blob
}

function createSink() {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk))
      done()
    },
  })
  return { stream, bytes: () => Buffer.concat(chunks) }
}

async function readAll(blob: OpenBlob): Promise<Buffer> {
  const sink = createSink()
  await blob.send(0, blob.sizeBytes - 1, sink.stream)
  await blob.close()
  return sink.bytes()
}

export async function entriesOf(store: BlobStore, prefix: string): Promise<BlobEntry[]> {
  const entries: BlobEntry[] = []
  for await (const entry of store.list(prefix)) entries.push(entry)
  return entries
}
const keysOf = async (store: BlobStore, prefix: string) =>
  (await entriesOf(store, prefix)).map(({ key }) => key).toSorted()
const bytesOf = async (store: BlobStore, key: string) => readAll(await opened(store, key))
const textOf = async (store: BlobStore, key: string) => (await bytesOf(store, key)).toString()
