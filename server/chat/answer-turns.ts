import { setTimeout as wait } from 'node:timers/promises'
import type { MessageId } from '../../shared/index.ts'
import type { Database, LoneLink } from '../platform/db/index.ts'
import { createAnswerLocks } from './answer-locks.ts'

/** Who writes an answer: one server at a time, of all that share a database. */
export interface AnswerTurns {
  /** Waits while another server writes it; null when the signal was faster. */
  take(answerId: MessageId, signal: AbortSignal): Promise<AnswerTurn | null>
  /** Whether another server is at it, as the database knows: not to be asked of what is written here. */
  isTaken(answerId: MessageId): Promise<boolean>
  stop(): Promise<void>
}
export interface AnswerTurn {
  /** Another server was at it: its answer may be there now. */
  waited: boolean
  /** Aborted with `TurnLost`. */
  lost: AbortSignal
  release(): void
}

/** While the database could not be reached from here, another server has taken it over. */
export class TurnLost extends Error {}

/**
 * A server whose connection breaks locks anew what it writes, sooner than this: whoever finds an answer that nobody
 * writes looks twice, so long apart, before they believe it.
 */
export const doubtMs = 1_000
const retryMs = 300
/** Others hold it for a moment only, when they look; who holds it for longer writes it. */
const lostAfterMs = 3_000

export const createAnswerTurns = ({ connect }: Pick<Database, 'connect'>): AnswerTurns =>
  connect === null ? turnsOfOne : createSharedTurns(connect)

/** The embedded database has one process, in which a question is answered once anyway. */
const turnsOfOne: AnswerTurns = {
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

function createSharedTurns(connect: NonNullable<Database['connect']>): AnswerTurns {
  const held = new Map<MessageId, Held>()
  const locks = createAnswerLocks(connect, () => {
    for (const [answerId, turn] of held) void takeAgain(answerId, turn)
  })

  /** Its lock went with the connection. Goes on until the database is back. */
  const takeAgain = async (answerId: MessageId, turn: Held): Promise<void> => {
    if (turn.isBeingTakenAgain) return
    turn.isBeingTakenAgain = true
    let deniedAtMs: number | undefined
    const isHeld = () => held.get(answerId) === turn
    while (isHeld() && turn.link.broken) {
      // The database is away: it is asked again.
      const link = await locks.lock(answerId).catch(() => 'away' as const)
      if (link === null) {
        deniedAtMs ??= performance.now()
        if (performance.now() - deniedAtMs > lostAfterMs) turn.lost.abort(new TurnLost())
        if (turn.lost.signal.aborted) held.delete(answerId)
      } else if (link !== 'away') {
        turn.link = link
        if (!isHeld()) locks.unlock(link, answerId)
      }
      if (turn.link.broken) await wait(retryMs, undefined, { ref: false })
    }
    turn.isBeingTakenAgain = false
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
      const turn = { link, lost: new AbortController(), isBeingTakenAgain: false }
      held.set(answerId, turn)
      // It may have broken before this was known to be held.
      if (link.broken) void takeAgain(answerId, turn)
      const release = () => {
        if (held.get(answerId) !== turn) return
        held.delete(answerId)
        locks.unlock(turn.link, answerId)
      }
      return { waited, lost: turn.lost.signal, release }
    },
    isTaken: async answerId => !(await locks.isFree(answerId)),
    async stop() {
      held.clear()
      await locks.stop()
    },
  }
}
