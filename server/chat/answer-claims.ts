import { setTimeout as wait } from 'node:timers/promises'
import postgres, { type Sql } from 'postgres'
import type { MessageId } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'

/** Who writes an answer: one server at a time, of all that share a database. */
export interface AnswerClaims {
  /** Waits while another server writes it; null when the signal was faster. */
  take(answerId: MessageId, signal: AbortSignal): Promise<AnswerClaim | null>
  stop(): Promise<void>
}
export interface AnswerClaim {
  /** Another server was at it: its answer may be there now. */
  waited: boolean
  release(): void
}

const retryMs = 300

export const createAnswerClaims = ({ connectionString }: Pick<Database, 'connectionString'>): AnswerClaims =>
  connectionString === null ? aloneClaims : createSharedClaims(connectionString)

/** The embedded database has one process, in which a question is answered once anyway. */
const aloneClaims: AnswerClaims = {
  take: async () => ({ waited: false, release() {} }),
  stop: async () => {},
}

/**
 * Advisory locks of one connection, which is opened with the first question: they go with it when this server dies, and
 * no transaction is open while a model talks.
 */
function createSharedClaims(url: string): AnswerClaims {
  let opened: Sql | undefined
  const open = () => {
    opened ??= postgres(url, { max: 1, idle_timeout: 0, max_lifetime: null, onnotice: () => {} })
    return opened
  }
  const name = (answerId: MessageId) => `answer ${answerId}`
  const tryTaking = async (answerId: MessageId): Promise<boolean> => {
    const [row] = await open()`select pg_try_advisory_lock(hashtextextended(${name(answerId)}, 0)) as taken`
    return row?.taken === true
  }
  // Not awaited: whoever takes it next here asks by the same connection, after this. When that is gone, so is the lock.
  const release = (answerId: MessageId) =>
    void open()`select pg_advisory_unlock(hashtextextended(${name(answerId)}, 0))`.catch(() => {})

  return {
    async take(answerId, signal) {
      let waited = false
      while (!(await tryTaking(answerId))) {
        waited = true
        // Ended early by the signal, which is looked at next.
        await wait(retryMs, undefined, { signal }).catch(() => {})
        if (signal.aborted) return null
      }
      return { waited, release: () => release(answerId) }
    },
    stop: async () => opened?.end({ timeout: 5 }),
  }
}
