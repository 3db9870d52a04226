import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobEntry } from './blob-store.ts'
import { isMissing, storageFault } from './disk-faults.ts'
import { isKey } from './keys.ts'

/** The blobs below a prefix, folder by folder. What is no blob (drafts, files of others) is passed over. */
export async function* listFiles(directory: string, prefix: string): AsyncGenerator<BlobEntry> {
  for (const entry of await readFolder(join(directory, prefix))) {
    const key = `${prefix}${entry.name}`
    if (!isKey(key)) continue
    if (entry.isDirectory()) yield* listFiles(directory, `${key}/`)
    else if (entry.isFile()) yield* entryOf(join(directory, key), key)
  }
}

async function readFolder(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (fault) {
    if (isMissing(fault)) return []
    throw storageFault(fault)
  }
}

async function* entryOf(path: string, key: string): AsyncGenerator<BlobEntry> {
  try {
    const { size, mtime } = await stat(path)
    yield { key, sizeBytes: size, modifiedAt: mtime }
  } catch (fault) {
    // Removed since the folder was read.
    if (!isMissing(fault)) throw storageFault(fault)
  }
}
