import { type FileHandle, open } from 'node:fs/promises'
import type { BlobStat, OpenBlob } from './blob-store.ts'
import { isMissing, storageFault } from './disk-faults.ts'
import { createReadBuffers } from './read-buffers.ts'
import { sendFile } from './send-file.ts'

interface OpenFile extends BlobStat {
  file: FileHandle
}
interface SharedFile {
  opening: Promise<OpenFile | null>
  /** Counted before the file is open, so that nobody closes it under one who waits for it. */
  users: number
}

/**
 * Files held open, one handle a path however many read it: a room of people asks for the same film all the time.
 * The last one to close it closes the file.
 */
export function createOpenFiles() {
  const files = new Map<string, SharedFile>()
  const buffers = createReadBuffers()

  function share(path: string): SharedFile {
    const file = files.get(path) ?? { opening: openFile(path), users: 0 }
    files.set(path, file)
    file.users += 1
    return file
  }
  /** True for the last one. */
  function release(path: string, shared: SharedFile): boolean {
    shared.users -= 1
    if (shared.users > 0) return false
    if (files.get(path) === shared) files.delete(path)
    return true
  }
  function blobOf(found: OpenFile, leave: () => boolean): OpenBlob {
    let closed = false
    return {
      sizeBytes: found.sizeBytes,
      modifiedAt: found.modifiedAt,
      async send(start, end, to) {
        if (closed) throw new Error('The blob was closed.')
        await sendFile({ fd: found.file.fd, start, end }, to, buffers)
      },
      async close() {
        if (closed) return
        closed = true
        if (leave()) await found.file.close()
      },
    }
  }
  return {
    async open(path: string): Promise<OpenBlob | null> {
      const shared = share(path)
      const leave = () => release(path, shared)
      try {
        const found = await shared.opening
        if (found) return blobOf(found, leave)
        leave()
        return null
      } catch (fault) {
        leave()
        throw storageFault(fault)
      }
    },
    /** The next one to open such a path opens what lies there by then. */
    forget(matches: (path: string) => boolean): void {
      for (const path of files.keys()) if (matches(path)) files.delete(path)
    },
  }
}

async function openFile(path: string): Promise<OpenFile | null> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const found = await file.stat()
    if (found.isFile()) return { file, sizeBytes: found.size, modifiedAt: found.mtime }
    await file.close()
    return null
  } catch (fault) {
    await file?.close()
    if (isMissing(fault)) return null
    throw fault
  }
}
