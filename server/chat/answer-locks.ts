import type { MessageId } from '../../shared/index.ts'
import type { Database, LoneLink } from '../platform/db/index.ts'

export interface AnswerLocks {
  /** The connection that has the lock now; null while another server has it. */
  lock(answerId: MessageId): Promise<LoneLink | null>
  unlock(link: LoneLink, answerId: MessageId): void
  isFree(answerId: MessageId): Promise<boolean>
  stop(): Promise<void>
}

/** So long that the database must have gone without a word. */
const silenceMs = 10_000
/** Of a machine that went without a word the database would otherwise hear after two hours. */
const soonGone =
  'set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3; set tcp_user_timeout = 5000'

/**
 * Advisory locks of one connection, which is opened with the first question, and anew when it broke: they go with it
 * when this server dies, and no transaction is open while a model talks. `onBroken` hears that they are gone.
 */
export function createAnswerLocks(connect: NonNullable<Database['connect']>, onBroken: () => void): AnswerLocks {
  let opened: Promise<LoneLink> | undefined
  const begin = async () => {
    // Told just before the connection says so of itself.
    const link = await connect({ broken: () => setImmediate(onBroken) })
    // Where it can't be set, a lock is held for longer after a power cut.
    await link.query({ text: soonGone }).catch(() => {})
    return link
  }
  const beginAgain = (broken: LoneLink) => {
    // Silent, it may still have its locks there.
    broken.stop().catch(() => {})
    return begin()
  }
  const open = (): Promise<LoneLink> => {
    opened = opened?.then(link => (link.broken ? beginAgain(link) : link), begin) ?? begin()
    return opened
  }
  const ask = async (link: LoneLink, what: string, answerId: MessageId): Promise<boolean> => {
    const text = `select ${what}(hashtextextended($1, 0)) as done`
    try {
      const { rows } = await link.query({ text, values: [`answer ${answerId}`], query_timeout: silenceMs })
      return rows[0]?.done === true
    } finally {
      // Where a statement finds it out, nothing else is told.
      if (link.broken) onBroken()
    }
  }

  return {
    async lock(answerId) {
      const link = await open()
      return (await ask(link, 'pg_try_advisory_lock', answerId)) ? link : null
    },
    // Not awaited: whoever takes it next here asks by the same connection, after this. When that is gone, so is the lock.
    unlock: (link, answerId) => void ask(link, 'pg_advisory_unlock', answerId).catch(() => {}),
    // Within a transaction, which ends with the statement, so that it is let go of at once.
    isFree: async answerId => ask(await open(), 'pg_try_advisory_xact_lock', answerId),
    stop: async () => (await opened?.catch(() => null))?.stop(),
  }
}
