import { setTimeout as wait } from 'node:timers/promises'
import type { MessageId } from '../../shared/index.ts'
import type { Database, LoneLink } from '../platform/db/index.ts'
import { createAnswerLocks } from './answer-locks.ts'

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
  /** Aborted with `ClaimLost`. */
  lost: AbortSignal
  release(): void
}

/** While the database could not be reached from here, another server has taken it over. */
export class ClaimLost extends Error {}

/**
 * A server whose connection breaks claims anew what it writes, sooner than this: whoever finds an answer that nobody
 * writes looks twice, so long apart, before they believe it.
 */
export const doubtMs = 1_000
const retryMs = 300
/** Others hold it for a moment only, when they look; who holds it for longer writes it. */
const lostAfterMs = 3_000

export const createAnswerClaims = ({ connect }: Pick<Database, 'connect'>): AnswerClaims =>
  connect === null ? aloneClaims : createSharedClaims(connect)

/** The embedded database has one process, in which a question is answered once anyway. */
const aloneClaims: AnswerClaims = {
  take: async () => ({ waited: false, lost: new AbortController().signal, release() {} }),
  isTaken: async () => false,
  stop: async () => {},
}

interface Held {
  /** The connection that has its lock. */
  link: LoneLink
  lost: AbortController
  isBeingTakenAgain: boolean
}

function createSharedClaims(connect: NonNullable<Database['connect']>): AnswerClaims {
  const held = new Map<MessageId, Held>()
  const locks = createAnswerLocks(connect, () => {
    for (const [answerId, claim] of held) void takeAgain(answerId, claim)
  })

  /** Its lock went with the connection. Goes on until the database is back. */
  const takeAgain = async (answerId: MessageId, claim: Held): Promise<void> => {
    if (claim.isBeingTakenAgain) return
    claim.isBeingTakenAgain = true
    let deniedAtMs: number | undefined
    const isHeld = () => held.get(answerId) === claim
    while (isHeld() && claim.link.broken) {
      // The database is away: it is asked again.
      const link = await locks.lock(answerId).catch(() => 'away' as const)
      if (link === null) {
        deniedAtMs ??= performance.now()
        if (performance.now() - deniedAtMs > lostAfterMs) claim.lost.abort(new ClaimLost())
        if (claim.lost.signal.aborted) held.delete(answerId)
      } else if (link !== 'away') {
        claim.link = link
        if (!isHeld()) locks.unlock(link, answerId)
      }
      if (claim.link.broken) await wait(retryMs, undefined, { ref: false })
    }
    claim.isBeingTakenAgain = false
  }

  return {
    async take(answerId, signal) {
      let waited = false
      let link = await locks.lock(answerId)
      while (!link) {
        waited = true
        // Ended early by the signal, which is looked at next.
        await wait(retryMs, undefined, { signal }).catch(() => {})
        if (signal.aborted) return null
        link = await locks.lock(answerId)
      }
      const claim = { link, lost: new AbortController(), isBeingTakenAgain: false }
      held.set(answerId, claim)
      // It may have broken before this was known to be held.
      if (link.broken) void takeAgain(answerId, claim)
      const release = () => {
        if (held.get(answerId) !== claim) return
        held.delete(answerId)
        locks.unlock(claim.link, answerId)
      }
      return { waited, lost: claim.lost.signal, release }
    },
    isTaken: async answerId => !(await locks.isFree(answerId)),
    async stop() {
      held.clear()
      await locks.stop()
    },
  }
}
