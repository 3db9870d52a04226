import { mayPass } from './may-pass.ts'
import { pause } from './pause.ts'

const firstGapMs = 150
const longestGapMs = 2000
/** What stands still for long, such as an upload whose sender is gone, may be waited for a whole day. */
const calmGapMs = 15_000
const shareOfSilence = 1 / 10
/** A server that restarts is waited for. */
const patience = 8

/** What was found out. */
export interface Look<T> {
  /** Another text when something has moved; `told` is called then. */
  moves: string
  told?: () => void
  /** There when the waiting is over. */
  end?: () => T | Promise<T>
}

/** Looks again and again, less and less often while nothing moves, until there is an end. Throws what can't pass. */
export async function askUntil<T>(look: () => Promise<Look<T>>, signal: AbortSignal | undefined): Promise<T> {
  let gapMs = firstGapMs
  let last = ''
  let misses = 0
  let movedAtMs = Date.now()
  for (;;) {
    try {
      const { moves, told, end } = await look()
      misses = 0
      if (moves !== last) {
        movedAtMs = Date.now()
        told?.()
      }
      if (end) return await end()
      const mostMs = Math.min(calmGapMs, Math.max(longestGapMs, (Date.now() - movedAtMs) * shareOfSilence))
      gapMs = moves === last ? Math.min(gapMs * 1.5, mostMs) : firstGapMs
      last = moves
    } catch (fault) {
      if (!mayPass(fault) || ++misses > patience) throw fault
      gapMs = longestGapMs
    }
    await pause(gapMs, signal)
  }
}
