import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { ERRORS, type Locker } from '@tus/server'
import { and, eq, lt, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../platform/db/index.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { uploadLocks } from './schema.ts'

const leaseMs = 5_000
/** How often a holder renews its lease, and hears that somebody waits. */
const beatMs = 500
/** A holder that could not renew for so long stops, well before the lease lapses and somebody else writes. */
const silenceMs = 2_000
const retryMs = 200
const patienceMs = 30_000

/** From being asked to let go until the holder is cut off. With `silenceMs` it stays below the lease. */
export const lockDrainMs = 1_000

const now = sql`now()`
const leaseEnd = sql`now() + ${leaseMs} * interval '1 millisecond'`

/**
 * One request at a time works on an upload, whichever server it came to. Who waits has the holder asked to let go; a
 * holder whose server died loses its lock when its lease lapses.
 */
export function createLocks({ database: { db }, log }: { database: Database; log: Log }): Locker {
  return {
    newLock(uploadId) {
      const holder = randomUUID()
      const mine = and(eq(uploadLocks.uploadId, uploadId), eq(uploadLocks.holder, holder))
      let stopBeating = async () => {}

      /** True when it is ours now; otherwise the holder learns that it is wanted. */
      const acquire = async (): Promise<boolean> => {
        const row = { holder, wanted: false, leaseUntil: leaseEnd }
        const taken = await db
          .insert(uploadLocks)
          .values({ uploadId, ...row })
          .onConflictDoUpdate({ target: uploadLocks.uploadId, set: row, setWhere: lt(uploadLocks.leaseUntil, now) })
          .returning({ uploadId: uploadLocks.uploadId })
        if (taken.length > 0) return true
        await db.update(uploadLocks).set({ wanted: true }).where(eq(uploadLocks.uploadId, uploadId))
        return false
      }

      /** False when it has to be let go. */
      const renew = async (): Promise<boolean> => {
        const [row] = await db
          .update(uploadLocks)
          .set({ leaseUntil: leaseEnd })
          .where(mine)
          .returning({ wanted: uploadLocks.wanted })
        return row !== undefined && !row.wanted
      }

      return {
        async lock(signal, letGo) {
          const givesUpAt = Date.now() + patienceMs
          while (!(await acquire())) {
            if (signal.aborted) throw ERRORS.ABORTED
            if (Date.now() > givesUpAt)
              throw new AppError('upload.in_progress', 'This upload is being received already.')
            await wait(retryMs)
          }
          stopBeating = beat(renew, letGo)
        },
        async unlock() {
          await stopBeating()
          // Not worth the request, whose bytes are there: the lease lapses by itself.
          await db
            .delete(uploadLocks)
            .where(mine)
            .catch(fault => log.warn({ reason: messageOf(fault) }, 'the lock of an upload was left to lapse'))
        },
      }
    },
  }
}

/** Renews until it is stopped. Lets go, once, when it is asked to or when renewing has failed for too long. */
function beat(renew: () => Promise<boolean>, letGo: () => unknown): () => Promise<void> {
  let renewedAt = Date.now()
  let asked = false
  let renewing: Promise<void> | null = null
  const renewOnce = async () => {
    const startedAt = Date.now()
    // A database that is away for a moment is no reason to stop; the silence it makes is.
    const free = await renew().catch(() => null)
    if (free !== null) renewedAt = startedAt
    if (free === false) ask()
    renewing = null
  }
  const ask = () => {
    if (!asked) letGo()
    asked = true
  }
  const timer = setInterval(() => {
    if (Date.now() - renewedAt > silenceMs) ask()
    renewing ??= renewOnce()
  }, beatMs)
  return async () => {
    clearInterval(timer)
    await renewing
  }
}

/** Nobody else works on an embedded database: locks at its start were left by a process that has ended. */
export async function endLocks(db: Queryable): Promise<void> {
  await db.delete(uploadLocks)
}

/** Locks that nobody came back for. */
export async function forgetLapsedLocks(db: Queryable): Promise<void> {
  await db.delete(uploadLocks).where(lt(uploadLocks.leaseUntil, now))
}
