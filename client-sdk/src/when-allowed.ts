import type { CallOptions } from './options.ts'
import { pause } from './pause.ts'
import { RushesError } from './rushes-error.ts'

/** How long the server asks to wait; undefined unless it was asked too fast. */
export function retryAfterMsOf(fault: unknown): number | undefined {
  if (!(fault instanceof RushesError) || fault.code !== 'request.rate_limited') return undefined
  const { retryAfterMs } = (fault.details ?? {}) as { retryAfterMs?: unknown }
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : defaultMs
}
const defaultMs = 1000

/** Tries again for as long as the server says that it is too fast. Throws everything else, or the signal's reason. */
export async function whenAllowed<T>(attempt: () => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (fault) {
      const retryAfterMs = retryAfterMsOf(fault)
      if (retryAfterMs === undefined) throw fault
      await pause(retryAfterMs, signal)
    }
  }
}
