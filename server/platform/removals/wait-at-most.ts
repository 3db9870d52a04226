import { setTimeout as wait } from 'node:timers/promises'

/** Resolves when the work has, and after so long at the latest: a store that hangs is not waited for. */
export async function waitAtMost(ms: number, work: Promise<unknown> | null): Promise<void> {
  const enough = new AbortController()
  const patience = wait(ms, undefined, { signal: enough.signal }).catch(() => {}) // the work was faster
  await Promise.race([work, patience])
  enough.abort()
}
