import { LRUCache } from 'lru-cache'

export interface RateLimitOptions {
  /** What is allowed for long; 0: everything is. */
  perSecond: number
  /** What may come at once after a pause. */
  burst: number
  /** Milliseconds by a clock that never goes back. */
  now?: () => number
}

/**
 * Takes one of what `key` has left: 0 when it may pass, else the milliseconds until it may. What is refused takes
 * nothing. The same `once` a second time is let through for nothing: it is sent again because its answer was lost.
 */
export type RateLimit = (key: string, once?: string) => number

interface Bucket {
  left: number
  atMs: number
  passed: Set<string>
}

/** How many `once` of a key are remembered. */
const mostPassed = 32
const mostKeys = 10_000

/** A token bucket a key; of very many those that nobody used for longest are forgotten, and begin full again. */
export function createRateLimit({ perSecond, burst, now = () => performance.now() }: RateLimitOptions): RateLimit {
  const buckets = new LRUCache<string, Bucket>({ max: mostKeys })

  const refill = (key: string): Bucket => {
    const atMs = now()
    const { left, atMs: beforeMs, passed } = buckets.get(key) ?? { left: burst, atMs, passed: new Set<string>() }
    const bucket = { left: Math.min(burst, left + ((atMs - beforeMs) / 1000) * perSecond), atMs, passed }
    buckets.set(key, bucket)
    return bucket
  }

  return (key, once) => {
    if (perSecond === 0) return 0
    const bucket = refill(key)
    if (once !== undefined && bucket.passed.delete(once)) return 0
    if (bucket.left < 1) return Math.ceil(((1 - bucket.left) / perSecond) * 1000)
    bucket.left -= 1
    if (once !== undefined) remember(bucket.passed, once)
    return 0
  }
}

function remember(passed: Set<string>, once: string): void {
  passed.add(once)
  const [oldest] = passed
  if (passed.size > mostPassed && oldest !== undefined) passed.delete(oldest)
}
