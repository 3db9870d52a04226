import type { Counter } from 'prom-client'
import type { SocketPace } from '../../../shared/index.ts'
import { AppError } from '../errors.ts'
import type { PlatformMetrics } from '../metrics.ts'
import { createRateLimit } from '../rate-limit.ts'

export interface Pace {
  /** For long; 0: no limit. */
  perSecond: number
  /** How much of it may come at once. */
  burst: number
}

/** Throws `request.rate_limited`. The same `once` of the same one that is sent again is not counted again. */
export type CountRequest = (asker: string, once?: string) => void
export type Paces = Record<SocketPace, CountRequest>

const whatIsAllowed: Record<SocketPace, string> = {
  talk: 'One person may write',
  signal: 'One connection may tell where it is',
  reading: 'One person may join and read',
}

/** How often everyone may ask, on this server. */
export function createPaces(
  paces: Record<SocketPace, Pace>,
  metrics: Pick<PlatformMetrics, 'requestsRateLimited'> & { rateLimited: Counter },
): Paces {
  const counting = (kind: SocketPace): CountRequest => {
    const pace = paces[kind]
    const limit = createRateLimit(pace)
    return (asker, once) => {
      const retryAfterMs = limit(asker, once)
      if (retryAfterMs === 0) return
      if (kind === 'talk') metrics.rateLimited.inc()
      else metrics.requestsRateLimited.inc({ pace: kind })
      const sentence = `${whatIsAllowed[kind]} ${pace.perSecond} times a second for long, ${pace.burst} times at once.`
      throw new AppError('request.rate_limited', `${sentence} Try again in ${retryAfterMs / 1000} s.`, {
        details: { retryAfterMs },
      })
    }
  }
  return { talk: counting('talk'), signal: counting('signal'), reading: counting('reading') }
}
