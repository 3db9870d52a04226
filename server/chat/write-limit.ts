import type { SocketRequestName } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { SocketCaller, SocketHandlers } from '../platform/hub/index.ts'
import type { Metrics } from '../platform/metrics.ts'
import { createRateLimit } from '../platform/rate-limit.ts'

export interface TalkPace {
  /** How fast one person may talk for long; 0: no limit. */
  perSecond: number
  /** How much of it may come at once. */
  burst: number
}

/** Throws `request.rate_limited`. A `clientId` that is sent again is not counted again. */
export type CountWrite = (writer: string, clientId?: string) => void

const writing: ReadonlySet<string> = new Set<SocketRequestName>([
  ...(['message.send', 'message.edit', 'message.delete', 'message.react'] as const),
  ...(['question.ask', 'answer.retry'] as const),
])

export function createWriteLimit(pace: TalkPace, metrics: Pick<Metrics, 'rateLimited'>): CountWrite {
  const limit = createRateLimit(pace)
  return (writer, clientId) => {
    const retryAfterMs = limit(writer, clientId)
    if (retryAfterMs === 0) return
    metrics.rateLimited.inc()
    const sentence = `One person may write ${pace.perSecond} times a second for long, ${pace.burst} times at once.`
    throw new AppError('request.rate_limited', `${sentence} Try again in ${retryAfterMs / 1000} s.`, {
      details: { retryAfterMs },
    })
  }
}

type Handle = (payload: unknown, caller: SocketCaller) => Promise<object>

/** The same requests, where those that write are counted first. */
export function limitWrites<L extends Partial<SocketHandlers>>(live: L, count: CountWrite): L {
  const handlers = Object.entries(live as Record<string, Handle>).map(([name, handle]) => {
    if (!writing.has(name)) return [name, handle]
    const counted: Handle = async (payload, caller) => {
      const { clientId } = payload as { clientId?: string }
      // Whoever is gone with their connection is nobody but it.
      count(caller.isLasting ? caller.memberId : caller.connectionId, clientId)
      return handle(payload, caller)
    }
    return [name, counted]
  })
  return Object.fromEntries(handlers) as L
}
