import type { MessageId, RoomEvent } from '../../../shared/index.ts'
import type { CallOptions } from '../options.ts'
import { RushesError } from '../rushes-error.ts'
import { type Link, type LinkOptions, openLink } from './link.ts'
import { createListeners, type Listeners } from './listeners.ts'
import { createOutbox } from './outbox.ts'
import { createOwnSignals, type OwnSignals } from './own-signals.ts'
import type { Room, RoomListenerArgs, RoomStatus } from './room.ts'
import { createRoomAnswers, type RoomAnswers } from './room-answers.ts'
import { createRoomState, type RoomState } from './room-state.ts'
import { createRoomTalk, type RoomTalk } from './room-talk.ts'
import { createServerClock, type ServerClock } from './server-clock.ts'
import { stayJoined } from './stay-joined.ts'
import { createStreamLog, type StreamLog } from './stream-log.ts'
import { createWatchTogether, type WatchTogether } from './watch-together.ts'

export interface JoinOptions extends CallOptions {
  /** Shown to the others and beside what is said; the client's `name`, else `guest`. */
  name?: string | undefined
  /** How long a server that does not answer is tried; 20 000 when not given. */
  timeoutMs?: number | undefined
}

/** Resolves once the room is joined. Throws `video.not_found`, `auth.*`, `network`, or the signal's reason. */
export async function joinRoom(options: LinkOptions, id: string, join: JoinOptions = {}): Promise<Room> {
  // As the server calls it in all that it tells.
  const videoId = id.toLowerCase()
  join.signal?.throwIfAborted()
  const link = openLink({ ...options, name: join.name ?? options.name })
  const listeners = createListeners<RoomListenerArgs>()
  const outbox = createOutbox(link.request)
  const find = (id: string) => state.messages.find(message => message.id === id)
  // Hears of answers before the listeners do, so that `room.answers` is right when they are called.
  const answers = createRoomAnswers({ videoId, link, outbox, find })
  const state = createRoomState(videoId, link, listeners)
  const talk = createRoomTalk({ videoId, link, outbox, listeners, seq: () => log.seq })
  const clock = createServerClock({ read: async () => (await link.request('clock.read', {})).nowMs })
  const watch = createWatchTogether({
    ...{ videoId, link, clock, memberId: () => state.memberId },
    playback: { get: () => state.playback, set: state.setPlayback },
    onChange: change => listeners.emit('watching', change),
  })
  listeners.on('playback', watch.changed)
  const signals = createOwnSignals(videoId, link)
  let status: RoomStatus = 'connecting'
  const setStatus = (next: RoomStatus) => {
    if (next === status) return
    status = next
    listeners.emit('status', next)
  }
  const log = createStreamLog<RoomEvent>({
    link,
    join: since =>
      // Heard before the events that follow it.
      link.request('room.join', since === undefined ? { videoId } : { videoId, since }, joined => {
        state.joined(joined)
        talk.joined(joined)
        answers.joined(joined.answers)
      }),
    replay: async since => (await link.request('room.replay', { videoId, since })).events,
    onEvent(event) {
      if (event.type === 'message.created') answers.met(event.payload.message)
      state.apply(event)
      talk.met(event)
    },
    onSnapshot: () => listeners.emit('snapshot'),
    onBehind: isBehind => setStatus(isBehind ? 'replaying' : 'live'),
  })
  link.onNotice('room.events', frame => {
    if (frame.videoId === videoId) log.hear(frame.events)
  })

  const end = (reason: RushesError) => {
    watch.stop()
    signals.stop()
    clock.stop()
    link.close()
    outbox.abandon(reason)
    answers.abandon(reason)
    talk.end()
    setStatus('offline')
  }
  link.onConnected(clock.connected)
  await stayJoined(link, {
    enter: log.enter,
    onLive() {
      setStatus('live')
      outbox.open()
      answers.resume()
      talk.resume()
      watch.live()
      signals.again()
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
    ...{ link, listeners, state, log, talk, answers, clock, watch, signals },
    status: () => status,
    leave: () => end(new RushesError('room.not_joined', 'The room was left.')),
  })
}

interface Parts {
  link: Link
  listeners: Listeners<RoomListenerArgs>
  state: RoomState
  log: StreamLog<RoomEvent>
  talk: RoomTalk
  answers: RoomAnswers
  clock: ServerClock
  watch: WatchTogether
  signals: OwnSignals
  status: () => RoomStatus
  leave: () => void
}

/** What its user sees of a joined room. */
function roomOf(videoId: string, parts: Parts): Room {
  const { link, listeners, state, log, talk, answers, clock, watch, signals, status, leave } = parts
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
    get playback() {
      return state.playback
    },
    get watching() {
      return watch.watching
    },
    get memberId() {
      return state.memberId
    },
    get unread() {
      return talk.unread
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
    ...{ send: talk.send, edit: talk.edit, delete: talk.delete, react: talk.react, markRead: talk.markRead },
    ask: (question, askOptions = {}) => answers.ask(question, askOptions),
    cancelAnswer: async answerId => void (await link.request('answer.cancel', { answerId: answerId as MessageId })),
    retryAnswer: async questionId =>
      void (await link.request('answer.retry', { videoId, questionId: questionId as MessageId })),
    lead: watch.lead,
    handLead: watch.handLead,
    follow: watch.follow,
    now: clock.now,
    typing: signals.typing,
    playhead: signals.playhead,
    leave,
  }
}
