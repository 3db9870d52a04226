import type { Hash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'

/** The checksum so far of a file that was written from its start. */
export interface KnownHash {
  hash: Hash
  sizeBytes: number
  modifiedMs: number
}

/** Files that are not gone on with are forgotten when this many others were begun. */
const maxKnown = 200

/** Remembers how far checksums were counted. A file that somebody else has changed since is not known. */
export function createKnownHashes() {
  const known = new LRUCache<string, KnownHash>({ max: maxKnown })
  return {
    keep(path: string, hash: KnownHash): void {
      known.set(path, hash)
    },
    /** Null when it has to be counted anew. */
    async take(path: string, sizeBytes: number): Promise<Hash | null> {
      const found = known.get(path)
      if (!found || found.sizeBytes !== sizeBytes) return null
      known.delete(path)
      const now = await stat(path).catch(() => null) // it is gone, as whoever goes on with it finds out
      return now?.size === found.sizeBytes && now.mtimeMs === found.modifiedMs ? found.hash : null
    },
  }
}
