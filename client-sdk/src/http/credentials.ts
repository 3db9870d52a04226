import type { RushesOptions } from '../options.ts'
import { networkError, RushesError } from '../rushes-error.ts'

/** What a client shows of who is asking. */
export interface Credentials {
  readonly areGiven: boolean
  /** Each time that it is asked for, there may be another one: what is refused is worth a second try. */
  readonly mayChange: boolean
  /** Undefined where none is given. Throws `network` when it can't be had now, or the signal's reason. */
  token(signal?: AbortSignal): Promise<string | undefined>
  /** The header for one request. Throws as `token` does. */
  headers(signal?: AbortSignal): Promise<Record<string, string>>
  /** Does it with that header. Refused (401), it is done once more with another token, if there is one. */
  showing<T>(attempt: (headers: Record<string, string>) => Promise<T>, signal?: AbortSignal): Promise<T>
}

export function createCredentials(given: RushesOptions['token']): Credentials {
  const mayChange = typeof given === 'function'
  const token: Credentials['token'] = async signal => {
    if (typeof given !== 'function') return given
    try {
      return await untilAborted(
        Promise.resolve().then(() => given()),
        signal,
      )
    } catch (fault) {
      signal?.throwIfAborted()
      // Whoever gives it may be away, as any server may. What says of itself that it is final, is.
      throw fault instanceof RushesError ? fault : networkError(fault, 'There is no token: what gives it has failed.')
    }
  }
  return {
    areGiven: Boolean(given),
    mayChange,
    token,
    headers: async signal => headersOf(await token(signal)),
    async showing(attempt, signal) {
      const first = await token(signal)
      try {
        return await attempt(headersOf(first))
      } catch (fault) {
        if (!mayChange || !isRefused(fault)) throw fault
        const next = await token(signal)
        if (next === first) throw fault
        return await attempt(headersOf(next))
      }
    },
  }
}

/** It is not known who asks: the token has expired, say. */
export const isRefused = (fault: unknown): boolean => fault instanceof RushesError && fault.status === 401

const headersOf = (token: string | undefined): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
