import { setTimeout as wait } from 'node:timers/promises'
import { ERRORS, type Locker } from '@tus/server'
import { fail } from '../platform/errors.ts'
import type { Lease, Leases } from '../platform/leases/index.ts'

/** A holder that lost it, or may have by the time that passed (0.8 of this), is cut off before it lapses. */
const leaseMs = 8_000
/** How often a holder renews it, and hears that somebody waits. */
const beatMs = 500
const retryMs = 200
const patienceMs = 30_000

/** From being asked to let go until the holder is cut off: with the silence that makes it stop, less than the lease. */
export const lockDrainMs = 1_000

/**
 * One request at a time works on the parts of a resumable upload, whichever server it came to. Who waits has the holder
 * asked to let go; a holder whose server died loses its lease when that lapses.
 */
export function createTusLocks({ leases }: { leases: Leases }): Locker {
  return {
    newLock(uploadId) {
      const name = `upload-parts:${uploadId}`
      let lease: Lease | null = null
      return {
        async lock(signal, letGo) {
          const givesUpAt = Date.now() + patienceMs
          const terms = { leaseMs, beatMs, lost: inProgress, wanted: () => void letGo() }
          for (;;) {
            lease = await leases.take(name, terms)
            if (lease) break
            await leases.ask(name)
            if (signal.aborted) throw ERRORS.ABORTED
            if (Date.now() > givesUpAt) throw inProgress()
            await wait(retryMs)
          }
          lease.signal.addEventListener('abort', () => void letGo(), { once: true })
        },
        unlock: async () => lease?.release(),
      }
    },
  }
}

const inProgress = () => fail('upload.in_progress')
