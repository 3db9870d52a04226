import type { OutgoingHttpHeaders } from 'node:http'
import type { Permit } from '../permit.ts'
import type { ServedBlob } from './serve-blob.ts'

/** What was found out for a caller holds this long; changes of the blob itself are told at once. */
const freshMs = 1_000
/** More would hold too many files open: the oldest goes. */
const maxBlobs = 256

/** A blob that a caller may have, found and opened a moment ago. */
export interface WarmBlob {
  /** What it belongs to. */
  id: string
  served: ServedBlob
  /** The same for every range of it. */
  headers: OutgoingHttpHeaders
  /** Of the caller. */
  permit: Permit
  users: number
  until: number
  /** Nobody new gets it. */
  cold: boolean
}

/** Keeps blobs at hand between the ranges that a player asks for, a second at most, so that a range costs no questions. */
export function createWarmBlobs() {
  const blobs = new Map<string, WarmBlob>()
  let sweep: NodeJS.Timeout | undefined

  function cool(key: string, warm: WarmBlob): void {
    if (blobs.get(key) === warm) blobs.delete(key)
    warm.cold = true
    // Nobody waits for it, and who opens the file next meets the disk's fault.
    if (warm.users === 0) warm.served.blob.close().catch(() => {})
  }
  function sweepOld(): void {
    const now = performance.now()
    for (const [key, warm] of blobs) if (warm.until <= now) cool(key, warm)
    sweep = blobs.size > 0 ? setTimeout(sweepOld, freshMs).unref() : undefined
  }
  return {
    /** A fresh one, with one more user; whoever gets it lets it go. */
    take(key: string): WarmBlob | null {
      const warm = blobs.get(key)
      if (!warm) return null
      if (warm.until <= performance.now() || warm.permit.fault) {
        cool(key, warm)
        return null
      }
      warm.users += 1
      return warm
    },
    /** Keeps what was opened; its first user is the caller. The blob is closed when it is cold and nobody uses it. */
    keep(key: string, found: Pick<WarmBlob, 'id' | 'served' | 'headers' | 'permit'>): WarmBlob {
      const before = blobs.get(key)
      if (before) cool(key, before)
      const warm = { ...found, users: 1, until: performance.now() + freshMs, cold: false }
      blobs.set(key, warm)
      const [oldest] = blobs
      if (blobs.size > maxBlobs && oldest) cool(...oldest)
      sweep ??= setTimeout(sweepOld, freshMs).unref()
      return warm
    },
    /** A caller who hung up frees the file at once, if it was the only one. */
    letGo(key: string, warm: WarmBlob, hungUp: boolean): void {
      warm.users -= 1
      if (warm.users > 0) return
      if (warm.cold || hungUp) cool(key, warm)
    },
    /** What is known of this one's blob is no longer so. */
    forget(id: string): void {
      for (const [key, warm] of blobs) if (warm.id === id) cool(key, warm)
    },
    stop(): void {
      clearTimeout(sweep)
      for (const [key, warm] of blobs) cool(key, warm)
    },
  }
}
