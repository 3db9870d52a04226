import { createDeferred } from '../deferred.ts'
import { mayPass } from '../may-pass.ts'
import { pause } from '../pause.ts'
import { networkError, RushesError } from '../rushes-error.ts'
import type { Link } from './link.ts'

export interface Stay {
  enter: () => Promise<void>
  onLive: () => void
  onOffline: () => void
  /** It can't be entered any more. */
  onClosed: (reason: RushesError) => void
  /** Ends the first joining only. */
  signal: AbortSignal | undefined
  /** Null: it is tried for ever. */
  timeoutMs: number | null
}

const retryMs = 1000

/** Enters on every connection. Resolves with the first time; from then on it takes care of itself. */
export async function stayJoined(link: Link, stay: Stay): Promise<void> {
  const first = createDeferred<void>()
  let connection = 0
  const close = (reason: RushesError) => {
    connection++
    stay.onClosed(reason)
    first.reject(reason)
  }

  const enter = async () => {
    const mine = ++connection
    while (mine === connection && link.isConnected) {
      const refusal = await stay.enter().then(
        () => null,
        (fault: unknown) => fault,
      )
      if (mine !== connection || !link.isConnected) return
      if (refusal === null) {
        stay.onLive()
        return first.resolve()
      }
      if (!mayPass(refusal)) return close(asRushesError(refusal))
      await pause(retryMs, undefined)
    }
  }
  link.onConnected(() => void enter())
  link.onDisconnected(stay.onOffline)
  link.onRefused(close)

  const { signal, timeoutMs } = stay
  const onAbort = () => first.reject(signal?.reason)
  const timer =
    timeoutMs === null
      ? undefined
      : setTimeout(() => {
          first.reject(networkError(undefined, `The server did not answer within ${timeoutMs / 1000} s.`))
        }, timeoutMs)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await first.promise
  } catch (fault) {
    link.close()
    throw fault
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

const asRushesError = (fault: unknown): RushesError =>
  fault instanceof RushesError ? fault : new RushesError('server.internal', String(fault), { cause: fault })
