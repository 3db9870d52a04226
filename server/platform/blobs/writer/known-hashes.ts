import type { Hash } from 'node:crypto'
import { stat } from 'node:fs/promises'

/** The checksum so far of a file that was written from its start. */
export interface KnownHash {
  hash: Hash
  sizeBytes: number
  modifiedMs: number
}

/** Uploads that are not gone on with are forgotten when this many others were begun. */
const maxKnown = 200

/** Remembers how far checksums were counted. A file that somebody else has changed since is not known. */
export function createKnownHashes() {
  const known = new Map<string, KnownHash>()
  return {
    keep(path: string, hash: KnownHash): void {
      known.delete(path)
      known.set(path, hash)
      const [oldest] = known.keys()
      if (known.size > maxKnown && oldest !== undefined) known.delete(oldest)
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
