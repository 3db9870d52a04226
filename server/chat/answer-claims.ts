import { setTimeout as wait } from 'node:timers/promises'
import type { MessageId } from '../../shared/index.ts'
import type { Database, LoneLink } from '../platform/db/index.ts'

/** Who writes an answer: one server at a time, of all that share a database. */
export interface AnswerClaims {
  /** Waits while another server writes it; null when the signal was faster. */
  take(answerId: MessageId, signal: AbortSignal): Promise<AnswerClaim | null>
  /** Whether another server is at it, as the database knows: not to be asked of what is written here. */
  isTaken(answerId: MessageId): Promise<boolean>
  stop(): Promise<void>
}
export interface AnswerClaim {
  /** Another server was at it: its answer may be there now. */
  waited: boolean
  release(): void
}

const retryMs = 300
/** So long that the database must have gone without a word. */
const silenceMs = 10_000
/** Of a machine that went without a word the database would otherwise hear after two hours. */
const soonGone =
  'set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3; set tcp_user_timeout = 5000'

export const createAnswerClaims = ({ connect }: Pick<Database, 'connect'>): AnswerClaims =>
  connect === null ? aloneClaims : createSharedClaims(connect)

/** The embedded database has one process, in which a question is answered once anyway. */
const aloneClaims: AnswerClaims = {
  take: async () => ({ waited: false, release() {} }),
  isTaken: async () => false,
  stop: async () => {},
}

/**
 * Advisory locks of one connection, which is opened with the first question, and anew when it broke: they go with it
 * when this server dies, and no transaction is open while a model talks.
 */
function createSharedClaims(connect: NonNullable<Database['connect']>): AnswerClaims {
  let opened: Promise<LoneLink> | undefined
  const begin = async () => {
    const link = await connect()
    // Where it can't be set, a lock is held for longer after a power cut.
    await link.query({ text: soonGone }).catch(() => {})
    return link
  }
  const open = (): Promise<LoneLink> => {
    opened = opened?.then(link => (link.broken ? begin() : link), begin) ?? begin()
    return opened
  }
  const ask = async (what: string, answerId: MessageId): Promise<boolean> => {
    const link = await open()
    const text = `select ${what}(hashtextextended($1, 0)) as done`
    const { rows } = await link.query({ text, values: [`answer ${answerId}`], query_timeout: silenceMs })
    return rows[0]?.done === true
  }
  // Not awaited: whoever takes it next here asks by the same connection, after this. When that is gone, so is the lock.
  const release = (answerId: MessageId) => void ask('pg_advisory_unlock', answerId).catch(() => {})

  return {
    async take(answerId, signal) {
      let waited = false
      while (!(await ask('pg_try_advisory_lock', answerId))) {
        waited = true
        // Ended early by the signal, which is looked at next.
        await wait(retryMs, undefined, { signal }).catch(() => {})
        if (signal.aborted) return null
      }
      return { waited, release: () => release(answerId) }
    },
    // Within a transaction, which ends with the statement, so that it is let go of at once.
    isTaken: async answerId => !(await ask('pg_try_advisory_xact_lock', answerId)),
    stop: async () => (await opened?.catch(() => null))?.stop(),
  }
}
