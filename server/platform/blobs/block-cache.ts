import { readAt } from './read-at.ts'

/** Small enough that a random range reads little beside what it wants; four of them leave in one call. */
export const blockBytes = 256 * 1024

/** A file that stays the same as long as it is open. */
export interface BlockFile {
  /** A file descriptor, open for reading. */
  fd: number
  sizeBytes: number
  blocks: Map<number, Block>
  /** Blocks that were read once, uncached. */
  seen: Set<number>
}
export interface Block {
  file: BlockFile
  index: number
  bytes: Buffer
  /** How many are sending it: it stays while there is one. */
  holders: number
  /** False when somebody may still read the buffer although nobody holds the block. */
  reusable: boolean
}

export type BlockCache = ReturnType<typeof createBlockCache>

/**
 * The blocks of open files that are asked for again and again: people who watch together are at the same minute. A block
 * is kept from the second time on, so that who watches alone pushes nothing out. Bounded however many read: where every
 * block is held, callers read for themselves. Whoever gets a block holds it and lets it go again.
 */
export function createBlockCache(capacityBytes: number) {
  const maxBlocks = Math.floor(capacityBytes / blockBytes)
  /** The one that was not wanted for longest first. */
  const kept = new Set<Block>()
  const loading = new Map<Block, Promise<Block>>()

  function hold(block: Block): Block {
    kept.delete(block)
    kept.add(block)
    block.holders += 1
    return block
  }
  function drop(block: Block): void {
    kept.delete(block)
    block.file.blocks.delete(block.index)
  }
  /** A buffer within the bounds; null when every block is held. */
  function space(): Buffer | null {
    if (kept.size < maxBlocks) return Buffer.allocUnsafeSlow(blockBytes)
    for (const block of kept) {
      if (block.holders > 0) continue
      drop(block)
      return block.reusable ? Buffer.from(block.bytes.buffer) : Buffer.allocUnsafeSlow(blockBytes)
    }
    return null
  }
  async function load(file: BlockFile, index: number, buffer: Buffer): Promise<Block> {
    const position = index * blockBytes
    const bytes = buffer.subarray(0, Math.min(blockBytes, file.sizeBytes - position))
    const block = hold({ file, index, bytes, holders: 0, reusable: true })
    file.blocks.set(index, block)
    const filling = fill(file.fd, bytes, position).then(() => block)
    loading.set(block, filling)
    try {
      return await filling
    } catch (fault) {
      drop(block)
      throw fault
    } finally {
      loading.delete(block)
    }
  }
  return {
    /** The block, or when it comes, or null when it is not kept and not yet wanted often enough. */
    take(file: BlockFile, index: number): Block | Promise<Block> | null {
      const block = file.blocks.get(index)
      if (block) {
        hold(block)
        return loading.get(block) ?? block
      }
      if (!file.seen.has(index)) return null
      const buffer = space()
      return buffer && load(file, index, buffer)
    },
    /** The block, if it is there now. */
    takeNow(file: BlockFile, index: number): Block | null {
      const block = file.blocks.get(index)
      return block && !loading.has(block) ? hold(block) : null
    },
    /** `reusable` is false while somebody may still read the bytes. */
    letGo(block: Block, reusable: boolean): void {
      block.holders -= 1
      block.reusable &&= reusable
    },
    /** Notes that these bytes (`end` inclusive) were read uncached. */
    note(file: BlockFile, start: number, end: number): void {
      // What was read long ago counts no longer, or in the end everything would be kept once.
      if (file.seen.size > maxBlocks) file.seen.clear()
      for (let index = blockAt(start); index <= blockAt(end); index += 1) file.seen.add(index)
    },
    /** Nobody will ask for the file any more. */
    forget(file: BlockFile): void {
      for (const block of file.blocks.values()) drop(block)
    },
  }
}

export const blockAt = (position: number) => Math.floor(position / blockBytes)

async function fill(fd: number, bytes: Buffer, position: number): Promise<void> {
  for (let filled = 0; filled < bytes.length; ) {
    filled += await readAt(fd, bytes.subarray(filled), position + filled)
  }
}
