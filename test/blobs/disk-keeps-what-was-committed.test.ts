import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, open, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { storageFault } from '../../server/platform/blobs/disk-faults.ts'
import { createFileSink } from '../../server/platform/blobs/file-sink.ts'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { blobStoreContract } from '../contract/blob-store.ts'

async function createStore() {
  const directory = await mkdtemp(join(tmpdir(), 'blobs-'))
  return {
    directory,
    store: createDiskBlobs({ directory }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

blobStoreContract('the disk', createStore)

test('drafts that a crash left are swept at the next start, and blobs are not', async () => {
  await using under = await createStore()
  const kept = await under.store.draft('videos/a/original')
  kept.stream.end('film')
  await kept.commit()
  const lost = await under.store.draft('videos/b/original')
  lost.stream.write('half')
  assert.ok(existsSync(lost.path))
  const restarted = createDiskBlobs({ directory: under.directory })
  assert.equal(existsSync(lost.path), false)
  assert.equal((await restarted.stat('videos/a/original'))?.sizeBytes, 4)
})

test('a tool may write the draft itself, or put another file in its place', async () => {
  await using under = await createStore()
  const draft = await under.store.draft('videos/a/playback')
  await rm(draft.path)
  await writeFile(draft.path, 'by a tool')
  assert.equal((await draft.commit()).sizeBytes, 9)
})

test('where other processes write too, a draft is swept only when it is a day old', async () => {
  await using under = await createStore()
  const [young, old] = await Promise.all(['young', 'old'].map(name => under.store.draft(`videos/${name}/original`)))
  assert.ok(young && old)
  const yesterday = Date.now() / 1000 - 25 * 3600
  await utimes(old.path, yesterday, yesterday)
  createDiskBlobs({ directory: under.directory, shared: true })
  assert.deepEqual([existsSync(young.path), existsSync(old.path)], [true, false])
})

test('nothing is left of drafts and removed blobs', async () => {
  await using under = await createStore()
  const draft = await under.store.draft('videos/a/original')
  draft.stream.end('film')
  await draft.commit()
  await (await under.store.draft('videos/b/original')).discard()
  await under.store.removeAll('videos/a/')
  assert.deepEqual(await readdir(join(under.directory, '.drafts')), [])
  assert.deepEqual(await readdir(join(under.directory, 'videos')), [])
})

test('a full disk is said to be one', { skip: !existsSync('/dev/full') && 'there is no /dev/full here' }, async () => {
  const sink = createFileSink(await open('/dev/full', 'w'))
  sink.write('more than fits')
  const [fault] = await once(sink, 'error')
  assert.equal(fault.code, 'storage.full')
  await assert.rejects(sink.settle(), { code: 'storage.full' })
  assert.equal(storageFault(Object.assign(new Error('other'), { code: 'EIO' })).message, 'other')
})
