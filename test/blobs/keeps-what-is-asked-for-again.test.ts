import assert from 'node:assert/strict'
import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type BlockFile, blockBytes, createBlockCache } from '../../server/platform/blobs/block-cache.ts'

const content = Buffer.from(Array.from({ length: 4 * blockBytes - 5 }, (_, at) => at % 251))

async function openContent(): Promise<AsyncDisposable & { file: BlockFile; handle: FileHandle; path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'blocks-'))
  const path = join(directory, 'film')
  await writeFile(path, content)
  const handle = await open(path)
  const file = { fd: handle.fd, sizeBytes: content.length, blocks: new Map(), seen: new Set<number>() }
  return {
    file,
    handle,
    path,
    async [Symbol.asyncDispose]() {
      await handle.close()
      await rm(directory, { recursive: true })
    },
  }
}

test('a block is kept from the second time on, and read once for all who want it', async () => {
  await using opened = await openContent()
  const cache = createBlockCache(2 * blockBytes)
  assert.equal(cache.take(opened.file, 3), null)
  cache.note(opened.file, 3 * blockBytes, content.length - 1)
  const [first, second] = await Promise.all([cache.take(opened.file, 3), cache.take(opened.file, 3)])
  assert.ok(first !== null && first === second)
  assert.ok(first.bytes.equals(content.subarray(3 * blockBytes)), 'the last block is as long as the file goes')
  assert.equal(cache.takeNow(opened.file, 3), first)
})

test('what is held stays, what is not makes room, and no more than the bounds is kept', async () => {
  await using opened = await openContent()
  const cache = createBlockCache(2 * blockBytes)
  cache.note(opened.file, 0, content.length - 1)
  const held = [await cache.take(opened.file, 0), await cache.take(opened.file, 1)]
  assert.equal(cache.take(opened.file, 2), null, 'every block is held: callers read for themselves')
  for (const block of held.slice(0, 1)) if (block) cache.letGo(block, true)
  const third = await cache.take(opened.file, 2)
  assert.ok(third?.bytes.equals(content.subarray(2 * blockBytes, 3 * blockBytes)))
  assert.equal(cache.takeNow(opened.file, 0), null)
  assert.ok(held[1]?.bytes.equals(content.subarray(blockBytes, 2 * blockBytes)), 'the held one is untouched')
})

test('bytes that somebody may still read are not written over', async () => {
  await using opened = await openContent()
  const cache = createBlockCache(blockBytes)
  cache.note(opened.file, 0, content.length - 1)
  const first = await cache.take(opened.file, 0)
  assert.ok(first)
  cache.letGo(first, false)
  await cache.take(opened.file, 1)
  assert.ok(first.bytes.equals(content.subarray(0, blockBytes)))
})

test('a fault of the disk reaches all who wait, and the next one tries anew', async () => {
  await using opened = await openContent()
  const cache = createBlockCache(2 * blockBytes)
  cache.note(opened.file, 0, content.length - 1)
  const broken = { ...opened.file, fd: 1_000_000 }
  const waiting = [cache.take(broken, 0), cache.take(broken, 0)]
  for (const each of waiting) await assert.rejects(Promise.resolve(each), { code: 'EBADF' })
  assert.equal(broken.blocks.size, 0)
  const found = await cache.take(opened.file, 0)
  assert.ok(found?.bytes.equals(content.subarray(0, blockBytes)))
})

test('a forgotten file leaves nothing behind', async () => {
  await using opened = await openContent()
  const cache = createBlockCache(2 * blockBytes)
  cache.note(opened.file, 0, content.length - 1)
  await cache.take(opened.file, 0)
  cache.forget(opened.file)
  assert.equal(opened.file.blocks.size, 0)
  assert.equal(cache.takeNow(opened.file, 0), null)
})
