import { LRUCache } from 'lru-cache'

/**
 * What the clocks of other servers show beside ours. Each letter says when it was sent; the quickest of the last ones
 * tells the difference best, to within the time that it took.
 */
export interface ServerClocks {
  /** A letter has come that was sent at `sentMs` by the other's clock. Returns what to add to their times. */
  heard(serverId: string, sentMs: number): number
}

const mostKept = 16
const mostServers = 1000

export function createServerClocks(nowMs: () => number): ServerClocks {
  // Servers of long ago are forgotten.
  const differences = new LRUCache<string, number[]>({ max: mostServers })
  return {
    heard(serverId, sentMs) {
      const last = [...(differences.get(serverId) ?? []), nowMs() - sentMs].slice(-mostKept)
      differences.set(serverId, last)
      return Math.min(...last)
    },
  }
}
