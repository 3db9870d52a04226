import type { OutgoingHttpHeaders } from 'node:http'
import { LRUCache } from 'lru-cache'
import type { Permit } from '../permit.ts'
import type { ServedBlob } from './serve-blob.ts'

/** What was found out for a caller holds this long; changes of the blob itself are told at once. */
const freshMs = 1_000
/** More would hold too many files open: the one that was not asked for the longest goes. */
const maxBlobs = 256

/** A blob that a caller may have, found and opened just now. */
export interface WarmBlob {
  /** What it belongs to. */
  id: string
  served: ServedBlob
  /** The same for every range of it. */
  headers: OutgoingHttpHeaders
  /** Of the caller. */
  permit: Permit
  users: number
  /** Nobody new gets it. */
  cold: boolean
}

/** Keeps blobs at hand between the ranges that a player asks for, a second at most, so that a range costs no query. */
export function createWarmBlobs() {
  const blobs = new LRUCache<string, WarmBlob>({
    ...{ max: maxBlobs, ttl: freshMs, ttlAutopurge: true },
    dispose(warm) {
      warm.cold = true
      if (warm.users === 0) close(warm)
    },
  })
  return {
    /** A fresh one, with one more user; whoever gets it lets it go. */
    take(key: string): WarmBlob | null {
      const warm = blobs.get(key)
      if (!warm) return null
      if (warm.permit.fault) {
        blobs.delete(key)
        return null
      }
      warm.users += 1
      return warm
    },
    /** Keeps what was opened; its first user is the caller. The blob is closed when it is cold and nobody uses it. */
    keep(key: string, found: Pick<WarmBlob, 'id' | 'served' | 'headers' | 'permit'>): WarmBlob {
      const warm = { ...found, users: 1, cold: false }
      blobs.set(key, warm)
      return warm
    },
    /** A caller who hung up frees the file at once, if it was the only one. */
    letGo(key: string, warm: WarmBlob, hungUp: boolean): void {
      warm.users -= 1
      if (warm.users > 0) return
      if (warm.cold) close(warm)
      else if (hungUp) blobs.delete(key)
    },
    /** What is known of this one's blob is no longer so. */
    forget(id: string): void {
      for (const [key, warm] of [...blobs]) if (warm.id === id) blobs.delete(key)
    },
    stop: () => blobs.clear(),
  }
}

/** Nobody waits for it, and who opens the file next meets the disk's fault. */
const close = ({ served }: WarmBlob) => void served.blob.close().catch(() => {})
