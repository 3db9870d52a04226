import { mayPass } from '../may-pass.ts'
import { pause } from '../pause.ts'
import { RushesError } from '../rushes-error.ts'
import { createEventSequence } from './event-sequence.ts'
import type { Link } from './link.ts'

/** Follows a log over a connection that may come and go. */
export interface StreamLog<E> {
  readonly seq: number
  /** Joins, or joins again and gets what was missed. Throws what the server refused with, or `network`. */
  enter(): Promise<void>
  /** Events as they come. */
  hear(events: readonly E[]): void
}

/** What joining is answered with, as far as the log is concerned. */
export interface Joined<E> {
  seq: number
  events: readonly E[]
  isSnapshot: boolean
}

export interface StreamLogOptions<E> {
  link: Pick<Link, 'isConnected'>
  /** `since` is undefined the first time. */
  join: (since: number | undefined) => Promise<Joined<E>>
  replay: (since: number) => Promise<readonly E[]>
  /** Each event once, in order of `seq`. */
  onEvent: (event: E) => void
  /** Too much was missed: what the log is about was given as it stands now, or is to be asked for. */
  onSnapshot: () => void
  /** Something is missing, and: nothing is any more. */
  onBehind: (isBehind: boolean) => void
}

const retryMs = 500

export function createStreamLog<E extends { seq: number }>(options: StreamLogOptions<E>): StreamLog<E> {
  const { link, join, replay, onEvent, onSnapshot, onBehind } = options
  const sequence = createEventSequence<E>()
  let hasJoined = false
  let catchingUp: Promise<void> | null = null
  const take = (events: readonly E[]) => sequence.take(events).forEach(onEvent)

  const catchUp = async (): Promise<void> => {
    if (!sequence.isBehind) return
    onBehind(true)
    while (sequence.isBehind && link.isConnected) {
      const before = sequence.seq
      try {
        take(await replay(before))
      } catch (fault) {
        // Refused: the stream is going, which its last event or the next joining tells. Else it is tried again.
        if (!passes(fault)) return
      }
      if (sequence.seq === before) await pause(retryMs, undefined)
    }
    if (!sequence.isBehind) onBehind(false)
  }
  const catchUpOnce = (): Promise<void> => {
    catchingUp ??= catchUp().finally(() => {
      catchingUp = null
    })
    return catchingUp
  }

  return {
    get seq() {
      return sequence.seq
    },
    hear(events) {
      take(events)
      if (sequence.isBehind) void catchUpOnce()
    },
    async enter() {
      const answer = await join(hasJoined ? sequence.seq : undefined)
      if (answer.isSnapshot) {
        const since = sequence.reset(answer.seq)
        onSnapshot()
        since.forEach(onEvent)
      } else if (hasJoined) take(answer.events)
      else sequence.begin(answer.seq).forEach(onEvent)
      hasJoined = true
      sequence.reaches(answer.seq)
      await catchUpOnce()
    },
  }
}

/** The connection may also be back, and not in the room yet. */
const passes = (fault: unknown): boolean =>
  mayPass(fault) || (fault instanceof RushesError && fault.code === 'room.not_joined')
