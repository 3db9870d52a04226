import { setTimeout as wait } from 'node:timers/promises'
import { isOutage } from './errors.ts'

/** A restart of the database takes seconds; one that takes longer than this is somebody's work. */
const patienceMs = 30_000
const pauseMs = 500

/** Tries again what may be done twice while something that this server needs is away for a while. Ends with the signal. */
export async function outlast<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const givesUpAt = performance.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (fault) {
      signal.throwIfAborted()
      if (!isOutage(fault) || performance.now() > givesUpAt) throw fault
      await wait(pauseMs, undefined, { signal })
    }
  }
}
