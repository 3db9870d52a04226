import type { MessageId } from '../../../shared/index.ts'
import { newClientId } from '../client-id.ts'
import type { CallOptions } from '../options.ts'
import { RushesError } from '../rushes-error.ts'
import { type Link, type LinkOptions, openLink } from './link.ts'
import { createListeners, type Listeners } from './listeners.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import type { Room, RoomListenerArgs, RoomStatus } from './room.ts'
import { createRoomAnswers, type RoomAnswers } from './room-answers.ts'
import { createRoomLog, type RoomLog } from './room-log.ts'
import { createRoomState, type RoomState } from './room-state.ts'
import { stayJoined } from './stay-joined.ts'

export interface JoinOptions extends CallOptions {
  /** Shown to the others and beside what is said; the client's `name`, else `guest`. */
  name?: string | undefined
  /** How long a server that does not answer is tried; 20 000 when not given. */
  timeoutMs?: number | undefined
}

/** Resolves once the room is joined. Throws `video.not_found`, `auth.*`, `network`, or the signal's reason. */
export async function joinRoom(options: LinkOptions, videoId: string, join: JoinOptions = {}): Promise<Room> {
  join.signal?.throwIfAborted()
  const link = openLink({ ...options, name: join.name ?? options.name })
  const listeners = createListeners<RoomListenerArgs>()
  const outbox = createOutbox(link.request)
  const find = (id: string) => state.messages.find(message => message.id === id)
  // Hears of answers before the listeners do, so that `room.answers` is right when they are called.
  const answers = createRoomAnswers({ videoId, link, outbox, find })
  const state = createRoomState(videoId, link, listeners)
  let status: RoomStatus = 'connecting'
  const setStatus = (next: RoomStatus) => {
    if (next === status) return
    status = next
    listeners.emit('status', next)
  }
  const log = createRoomLog({
    videoId,
    link,
    onJoined(joined) {
      state.joined(joined)
      answers.joined(joined.answers)
    },
    onEvent(event) {
      if (event.type === 'message.created') answers.met(event.payload.message)
      state.apply(event)
    },
    onBehind: isBehind => setStatus(isBehind ? 'replaying' : 'live'),
  })

  const end = (reason: RushesError) => {
    link.close()
    outbox.abandon(reason)
    answers.abandon(reason)
    setStatus('offline')
  }
  await stayJoined(link, {
    enter: log.enter,
    onLive() {
      setStatus('live')
      outbox.open()
      answers.resume()
    },
    onOffline() {
      setStatus('offline')
      outbox.close()
    },
    onClosed(reason) {
      end(reason)
      listeners.emit('closed', reason)
    },
    signal: join.signal,
    timeoutMs: join.timeoutMs ?? 20_000,
  })

  return roomOf(videoId, {
    ...{ link, listeners, state, log, outbox, answers },
    status: () => status,
    leave: () => end(new RushesError('room.not_joined', 'The room was left.')),
  })
}

interface Parts {
  link: Link
  listeners: Listeners<RoomListenerArgs>
  state: RoomState
  log: RoomLog
  outbox: Outbox
  answers: RoomAnswers
  status: () => RoomStatus
  leave: () => void
}

/** What its user sees of a joined room. */
function roomOf(videoId: string, { link, listeners, state, log, outbox, answers, status, leave }: Parts): Room {
  return {
    get video() {
      return state.video
    },
    get members() {
      return state.members
    },
    get messages() {
      return state.messages
    },
    get memberId() {
      return state.memberId
    },
    get answers() {
      return answers.inProgress
    },
    get status() {
      return status()
    },
    get seq() {
      return log.seq
    },
    on: listeners.on,
    off: listeners.off,
    async send({ body, atSeconds, replyTo, clientId = newClientId() }, { signal } = {}) {
      const timed = atSeconds === undefined ? {} : { atSeconds }
      const reply = replyTo === undefined ? {} : { replyTo: replyTo as MessageId }
      return (await outbox.send('message.send', { videoId, clientId, body, ...timed, ...reply }, signal)).message
    },
    ask: (question, askOptions = {}) => answers.ask(question, askOptions),
    cancelAnswer: async answerId => void (await link.request('answer.cancel', { answerId: answerId as MessageId })),
    retryAnswer: async questionId =>
      void (await link.request('answer.retry', { videoId, questionId: questionId as MessageId })),
    typing: (typing = true) => link.tell('typing.set', { videoId, typing }),
    playhead: ({ atSeconds, playing, rate = 1 }) => link.tell('playhead.set', { videoId, atSeconds, playing, rate }),
    leave,
  }
}
