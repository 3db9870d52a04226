/**
 * Puts a room's events in order: each comes out once, by `seq`, whatever order and however often they come in. Pure:
 * it holds what came early, and says when something is missing; asking for it is its owner's part.
 */
export interface EventSequence<E> {
  /** The last event that came out; 0 before the first. */
  readonly seq: number
  /** Some event up to the newest known one has not come yet. */
  readonly isBehind: boolean
  /** From now on events come out, the one after `seq` first; what came before is held until then. */
  begin(seq: number): E[]
  /** The room was given anew as it stands after this event: what came before is forgotten, what comes after it may come out. */
  reset(seq: number): E[]
  /** Events as they arrive; returns those whose turn it is. */
  take(events: readonly E[]): E[]
  /** The log is known to reach up to here. */
  reaches(seq: number): void
}

/** More than this many early events are not kept: they are asked for again when it is their turn. */
const mostHeld = 5000

export function createEventSequence<E extends { seq: number }>(): EventSequence<E> {
  const held = new Map<number, E>()
  let seq = 0
  let newest = 0
  let hasBegun = false

  const release = (): E[] => {
    const out: E[] = []
    for (let next = held.get(seq + 1); next; next = held.get(seq + 1)) {
      held.delete(next.seq)
      seq = next.seq
      out.push(next)
    }
    return out
  }

  const takeOne = (event: E): E[] => {
    newest = Math.max(newest, event.seq)
    if (hasBegun && event.seq === seq + 1) {
      seq = event.seq
      return [event, ...release()]
    }
    if (event.seq > seq && held.size < mostHeld) held.set(event.seq, event)
    return []
  }

  return {
    get seq() {
      return seq
    },
    get isBehind() {
      return hasBegun && newest > seq
    },
    begin(from) {
      hasBegun = true
      seq = Math.max(seq, from)
      for (const early of held.keys()) if (early <= seq) held.delete(early)
      return release()
    },
    reset(to) {
      // A log that went back is another one (a backup was restored).
      if (to < seq) held.clear()
      for (const early of held.keys()) if (early <= to) held.delete(early)
      seq = to
      newest = Math.max(to, ...held.keys())
      return release()
    },
    take: events => events.flatMap(takeOne),
    reaches(known) {
      newest = Math.max(newest, known)
    },
  }
}
