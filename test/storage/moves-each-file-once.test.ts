import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { countBlobs, countMissing, type Moving, moveBlobs, type Outcome } from '../../scripts/storage/move-blobs.ts'
import { lineOf } from '../../scripts/storage/progress.ts'
import { type BlobStore, createDiskBlobs } from '../../server/platform/blobs/index.ts'

async function twoStores() {
  const directory = await mkdtemp(join(tmpdir(), 'move-'))
  const source = createDiskBlobs({ directory: join(directory, 'source') })
  const target = createDiskBlobs({ directory: join(directory, 'target') })
  return { directory, source, target, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
}

async function write(store: BlobStore, key: string, text: string) {
  const draft = await store.draft(key)
  draft.stream.end(text)
  await once(draft.stream, 'finish')
  await draft.commit()
}
const read = (store: BlobStore, key: string) => store.withFile(key, path => readFile(path, 'utf8'))

async function move(stores: { source: BlobStore; target: BlobStore }, options: Partial<Moving> = {}) {
  const outcomes: Record<string, Outcome> = {}
  let bytes = 0
  await moveBlobs({
    ...stores,
    ...{ keep: false, signal: new AbortController().signal },
    onBytes: count => {
      bytes += count
    },
    onFile: (key, outcome) => {
      outcomes[key] = outcome
    },
    ...options,
  })
  return { outcomes, bytes }
}

test('every file is moved, whatever its size, and the source is empty', async () => {
  await using stores = await twoStores()
  for (let n = 0; n < 20; n++) await write(stores.source, `videos/v${n}/original`, 'x'.repeat(n * 1000))
  assert.deepEqual(await countMissing(stores), { files: 20, bytes: 190_000 })
  const { outcomes, bytes } = await move(stores)
  assert.equal(Object.values(outcomes).filter(outcome => outcome === 'copied').length, 20)
  assert.equal(bytes, 190_000)
  assert.deepEqual(await countBlobs(stores.source), { files: 0, bytes: 0 })
  assert.deepEqual(await countBlobs(stores.target), { files: 20, bytes: 190_000 })
})

test('what was copied by an earlier run is compared and not copied again; with `keep` both stay', async () => {
  await using stores = await twoStores()
  await write(stores.source, 'videos/a/original', 'film')
  assert.deepEqual((await move(stores, { keep: true })).outcomes, { 'videos/a/original': 'copied' })
  assert.deepEqual((await move(stores, { keep: true })).outcomes, { 'videos/a/original': 'there' })
  assert.equal(await read(stores.source, 'videos/a/original'), 'film')
  assert.deepEqual((await move(stores)).outcomes, { 'videos/a/original': 'there' })
  assert.equal(await stores.source.stat('videos/a/original'), null)
  assert.equal(await read(stores.target, 'videos/a/original'), 'film')
})

test('an old copy is replaced; one that is newer than its source is left alone, and so is the source', async () => {
  await using stores = await twoStores()
  await write(stores.source, 'videos/a/original', 'old')
  await move(stores, { keep: true })
  await write(stores.source, 'videos/a/original', 'new')
  await write(stores.source, 'videos/b/original', 'stale')
  await write(stores.target, 'videos/b/original', 'made since')
  const hourAgo = Date.now() / 1000 - 3600
  await utimes(join(stores.directory, 'target/videos/a/original'), hourAgo, hourAgo)
  await utimes(join(stores.directory, 'source/videos/b/original'), hourAgo, hourAgo)
  const { outcomes } = await move(stores)
  assert.deepEqual(outcomes, { 'videos/a/original': 'copied', 'videos/b/original': 'conflict' })
  assert.equal(await read(stores.target, 'videos/a/original'), 'new')
  assert.equal(await read(stores.target, 'videos/b/original'), 'made since')
  assert.equal(await read(stores.source, 'videos/b/original'), 'stale')
})

test('a film that is deleted while it is copied does not come back', async () => {
  await using stores = await twoStores()
  await write(stores.source, 'videos/a/original', 'film')
  const { target, source } = stores
  const deleting: BlobStore = {
    ...target,
    async draft(key, options) {
      const draft = await target.draft(key, options)
      // The server deletes in both, the source first.
      await source.removeAll('videos/a/')
      await target.removeAll('videos/b/')
      return draft
    },
  }
  assert.deepEqual((await move({ source, target: deleting })).outcomes, { 'videos/a/original': 'gone' })
  assert.deepEqual(await countBlobs(target), { files: 0, bytes: 0 })
})

test('what is read back differently is copied once more, and never removed from the source', async () => {
  await using stores = await twoStores()
  await write(stores.source, 'videos/a/original', 'film')
  const { target, source } = stores
  let spoiled = 0
  const spoiling = (times: number): BlobStore => ({
    ...target,
    async draft(key, options) {
      const draft = await target.draft(key, options)
      const commit = async () => {
        const stat = await draft.commit()
        if (++spoiled <= times) await writeFile(join(stores.directory, 'target', key), 'flim')
        return stat
      }
      return { ...draft, commit }
    },
  })
  await assert.rejects(move({ source, target: spoiling(2) }), /not the same/)
  assert.equal(await read(source, 'videos/a/original'), 'film')
  assert.equal(await target.stat('videos/a/original'), null)
  spoiled = 0
  assert.deepEqual((await move({ source, target: spoiling(1) })).outcomes, { 'videos/a/original': 'copied' })
  assert.equal(await read(target, 'videos/a/original'), 'film')
})

test('it ends when it is told to, with the source as it was', async () => {
  await using stores = await twoStores()
  for (let n = 0; n < 8; n++) await write(stores.source, `videos/v${n}/original`, 'film')
  const told = new AbortController()
  const onBytes = () => told.abort(new Error('enough'))
  await assert.rejects(move(stores, { keep: true, signal: told.signal, onBytes }), { message: 'enough' })
  assert.equal((await countBlobs(stores.source)).files, 8)
})

test('the bar has percent, bytes, files, speed and the time that is left', () => {
  const sight = { files: 3, bytes: 25_000_000, total: { files: 12, bytes: 100_000_000 }, seconds: 5 }
  assert.equal(lineOf(sight), '  ━━━━━─────────────── 25 %, 15 s left  25.0 MB of 100.0 MB, 3 of 12 files, 5.0 MB/s')
})
