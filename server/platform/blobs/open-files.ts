import { type FileHandle, open } from 'node:fs/promises'
import type { BlobStat, OpenBlob } from './blob-store.ts'
import { type BlockFile, createBlockCache } from './block-cache.ts'
import { isMissing, storageFault } from './disk-faults.ts'
import { createReadBuffers } from './read-buffers.ts'
import { sendFile } from './send-file.ts'
import { createTurns } from './turns.ts'

interface OpenFile extends BlobStat, BlockFile {
  handle: FileHandle
}
interface SharedFile {
  path: string
  opening: Promise<OpenFile | null>
  /** Counted before the file is open, so that nobody closes it under one who waits for it. */
  users: number
}

/**
 * Files held open, one handle a path however many read it: people who watch together ask for the same one all the time.
 * The last one to close it closes the file, and what is kept of it in memory goes with it.
 */
export function createOpenFiles({ cacheBytes }: { cacheBytes: number }) {
  const files = new Map<string, SharedFile>()
  const memory = { buffers: createReadBuffers(), cache: createBlockCache(cacheBytes), turns: createTurns() }

  function share(path: string): SharedFile {
    const shared = files.get(path) ?? { path, opening: openFile(path), users: 0 }
    files.set(path, shared)
    shared.users += 1
    return shared
  }
  async function release(shared: SharedFile): Promise<void> {
    shared.users -= 1
    if (shared.users > 0) return
    if (files.get(shared.path) === shared) files.delete(shared.path)
    const found = await shared.opening.catch(() => null) // whoever opened it has the fault
    if (!found) return
    memory.cache.forget(found)
    await found.handle.close()
  }
  function blobOf(found: OpenFile, shared: SharedFile): OpenBlob {
    let closed = false
    return {
      sizeBytes: found.sizeBytes,
      modifiedAt: found.modifiedAt,
      path: shared.path,
      urlFor: async () => null,
      async send(start, end, to) {
        if (closed) throw new Error('The blob was closed.')
        await sendFile({ file: found, start, end }, to, memory)
      },
      async close() {
        if (closed) return
        closed = true
        await release(shared)
      },
    }
  }
  /** The next one to open it opens what lies there by then. */
  function forgetOne(shared: SharedFile): void {
    files.delete(shared.path)
    shared.users += 1
    // Closing an unused one fails for no caller; its fault would be the disk's, which the next one to open meets.
    void release(shared).catch(() => {})
  }
  return {
    async open(path: string): Promise<OpenBlob | null> {
      const shared = share(path)
      try {
        const found = await shared.opening
        if (found) return blobOf(found, shared)
      } catch (fault) {
        throw storageFault(await leaveUnopened(shared, fault))
      }
      return leaveUnopened(shared, null)
    },
    forget(matches: (path: string) => boolean): void {
      for (const shared of files.values()) if (matches(shared.path)) forgetOne(shared)
    },
  }

  /** What could not be opened is tried anew by the next one. */
  async function leaveUnopened<T>(shared: SharedFile, outcome: T): Promise<T> {
    if (files.get(shared.path) === shared) files.delete(shared.path)
    await release(shared)
    return outcome
  }
}

async function openFile(path: string): Promise<OpenFile | null> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'r')
    const found = await handle.stat()
    const memory = { blocks: new Map(), seen: new Set<number>() }
    if (found.isFile()) return { handle, fd: handle.fd, sizeBytes: found.size, modifiedAt: found.mtime, ...memory }
    await handle.close()
    return null
  } catch (fault) {
    await handle?.close()
    if (isMissing(fault)) return null
    throw fault
  }
}
