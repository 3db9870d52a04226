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
  const differences = new Map<string, number[]>()
  return {
    heard(serverId, sentMs) {
      const last = [...(differences.get(serverId) ?? []), nowMs() - sentMs].slice(-mostKept)
      // The one that was heard last stands last: servers of long ago are forgotten.
      differences.delete(serverId)
      differences.set(serverId, last)
      const [oldest] = differences.keys()
      if (differences.size > mostServers && oldest !== undefined) differences.delete(oldest)
      return Math.min(...last)
    },
  }
}
