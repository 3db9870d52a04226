import { setTimeout as wait } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { messageOf, StartError } from '../errors.ts'
import type { Log } from '../log.ts'
import { DatabaseAway } from './away.ts'

const pauseMs = 2000
/** Still starting or already stopping, and all connections taken: it passes by itself. */
const passing = /^(57P0|53)/

/** Does `attempt` until the database answers. Throws `StartError` when it refuses us, or stays away for too long. */
export async function waitFor(
  { waitSeconds, log }: { waitSeconds: number; log: Log },
  attempt: () => Promise<void>,
): Promise<void> {
  const end = performance.now() + waitSeconds * 1000
  for (;;) {
    try {
      return await attempt()
    } catch (fault) {
      if (!(fault instanceof DatabaseAway)) throw fault
      const { cause } = fault
      const reason = messageOf(cause) || 'it does not answer'
      if (cause instanceof DatabaseError && !passing.test(cause.code ?? ''))
        throw new StartError(`The database refuses Rushes: ${reason}. Check DATABASE_URL.`, { cause })
      if (performance.now() + pauseMs > end)
        throw new StartError(
          `The database can not be reached: ${reason}. Check DATABASE_URL, and that PostgreSQL runs; it was waited for for ${waitSeconds} s (DATABASE_WAIT_SECONDS).`,
          { cause },
        )
      log.warn({ reason, leftSeconds: Math.round((end - performance.now()) / 1000) }, 'waiting for the database')
    }
    await wait(pauseMs)
  }
}
