import type { PendingMessage } from './room-state.ts'

/** What was said and is not sent yet outlives a reload of the page: sent again, it is the same message. */
export interface KeptUnsent {
  read(): PendingMessage[]
  write(pending: readonly PendingMessage[]): void
}

export function keptUnsent(videoId: string): KeptUnsent {
  const key = `rushes.unsent.${videoId}`
  return {
    read() {
      try {
        const kept: unknown = JSON.parse(globalThis.sessionStorage?.getItem(key) ?? '[]')
        return Array.isArray(kept) ? kept.filter(isPending) : []
      } catch {
        // Storage is off, or something else wrote there.
        return []
      }
    },
    write(pending) {
      try {
        if (pending.length > 0) globalThis.sessionStorage?.setItem(key, JSON.stringify(pending))
        else globalThis.sessionStorage?.removeItem(key)
      } catch {
        // Storage is off or full: it is kept until the page goes.
      }
    },
  }
}

const isPending = (item: unknown): item is PendingMessage =>
  typeof item === 'object' &&
  item !== null &&
  ['clientId', 'body', 'author', 'kind'].every(key => typeof (item as Record<string, unknown>)[key] === 'string')
