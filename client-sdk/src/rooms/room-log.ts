import type { RoomEvent, SocketAnswers } from '../../../shared/index.ts'
import { mayPass } from '../may-pass.ts'
import { pause } from '../pause.ts'
import { RushesError } from '../rushes-error.ts'
import { createEventSequence } from './event-sequence.ts'
import type { Link } from './link.ts'

/** Follows a room's log over a connection that may come and go. */
export interface RoomLog {
  readonly seq: number
  /** Joins, or joins again and gets what was missed. Throws what the server refused with, or `network`. */
  enter(): Promise<void>
}

export interface RoomLogOptions {
  videoId: string
  link: Pick<Link, 'request' | 'onNotice' | 'isConnected'>
  /** What joining answered, before the events that follow it. */
  onJoined: (answer: SocketAnswers['room.join']) => void
  /** Each event once, in order of `seq`. */
  onEvent: (event: RoomEvent) => void
  /** Too much was missed, and the room was given as it stands now. */
  onSnapshot: () => void
  /** Something is missing, and: nothing is any more. */
  onBehind: (isBehind: boolean) => void
}

const retryMs = 500

export function createRoomLog({ videoId, link, onJoined, onEvent, onSnapshot, onBehind }: RoomLogOptions): RoomLog {
  const sequence = createEventSequence<RoomEvent>()
  let hasJoined = false
  let catchingUp: Promise<void> | null = null
  const take = (events: readonly RoomEvent[]) => sequence.take(events).forEach(onEvent)

  const catchUp = async (): Promise<void> => {
    if (!sequence.isBehind) return
    onBehind(true)
    while (sequence.isBehind && link.isConnected) {
      const before = sequence.seq
      try {
        take((await link.request('room.replay', { videoId, since: before })).events)
      } catch (fault) {
        // Refused: the room is going, which its last event or the next joining tells. Else it is tried again.
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

  link.onNotice('room.events', frame => {
    if (frame.videoId !== videoId) return
    take(frame.events)
    if (sequence.isBehind) void catchUpOnce()
  })

  return {
    get seq() {
      return sequence.seq
    },
    async enter() {
      const asked = hasJoined ? { videoId, since: sequence.seq } : { videoId }
      const answer = await link.request('room.join', asked, onJoined)
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
