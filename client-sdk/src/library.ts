import type { LibraryEvent, LibraryEventPayload, LibraryEventType } from '../../shared/index.ts'
import { type FollowOptions, followLog } from './follow-events.ts'
import type { HttpCaller } from './http/call.ts'
import type { Link } from './rooms/link.ts'
import { createListeners } from './rooms/listeners.ts'
import { stayJoined } from './rooms/stay-joined.ts'
import { createStreamLog } from './rooms/stream-log.ts'
import type { RushesError } from './rushes-error.ts'
import type { EventsOptions } from './videos.ts'

type Durable = { [T in LibraryEventType]: [payload: LibraryEventPayload<T>, event: Extract<LibraryEvent, { type: T }>] }

/** What the listeners of the library are given, by event. */
export type LibraryListenerArgs = Durable & {
  /** Each event of the library, whatever its type. */
  event: [event: LibraryEvent]
  /** So much was missed that it is not replayed: list the videos anew. */
  snapshot: []
  /** It can't be followed any more: the key was revoked, say. */
  closed: [reason: RushesError]
}
export type LibraryListenerType = keyof LibraryListenerArgs

/** All videos together, as they come, are ready, and go. */
export interface Library {
  /**
   * Calls `listener` for what happens from now on: each event once, in order, over as many connections as that takes.
   * The connection is opened with the first listener, and closed with the last. Returns what takes it off again.
   */
  on<T extends LibraryListenerType>(type: T, listener: (...args: LibraryListenerArgs[T]) => void): () => void
  off<T extends LibraryListenerType>(type: T, listener: (...args: LibraryListenerArgs[T]) => void): void
  /** Resolves when it is followed, so that all that happens next is told; at once where nobody listens. Throws `auth.*`. */
  joined(): Promise<void>
  /** The library's log after `since`: 500 events at most unless `limit` says otherwise (1,000 at most). */
  events(since?: number, options?: EventsOptions): Promise<LibraryEvent[]>
  /** The library's log as it comes, without a socket: each event once, in order. Ends by its signal alone. */
  follow(options?: FollowOptions): AsyncGenerator<LibraryEvent>
}

export function createLibrary(http: HttpCaller, openLink: () => Link): Library {
  const listeners = createListeners<LibraryListenerArgs>()
  let following: { link: Link; joined: Promise<void> } | null = null

  const follow = () => {
    const link = openLink()
    const log = createStreamLog<LibraryEvent>({
      link,
      join: since => link.request('library.join', since === undefined ? {} : { since }),
      replay: async since => (await link.request('library.replay', { since })).events,
      onEvent(event) {
        if (following?.link !== link) return
        listeners.emit('event', event)
        // What belongs to the type of this event, which the compiler can't follow through a union.
        listeners.emit(event.type, ...([event.payload, event] as unknown as Durable[typeof event.type]))
      },
      onSnapshot: () => listeners.emit('snapshot'),
      onBehind: () => {},
    })
    link.onNotice('library.events', ({ events }) => log.hear(events))
    const onClosed = (reason: RushesError) => {
      link.close()
      if (following?.link === link) listeners.emit('closed', reason)
    }
    const stay = { enter: log.enter, onLive: () => {}, onOffline: () => {}, onClosed }
    // One that is away is tried for as long as somebody listens.
    const joined = stayJoined(link, { ...stay, signal: undefined, timeoutMs: null })
    joined.catch(() => {}) // told by `closed`, too
    return { link, joined }
  }
  const off: Library['off'] = (type, listener) => {
    listeners.off(type, listener)
    if (!listeners.isEmpty) return
    following?.link.close()
    following = null
  }

  return {
    on(type, listener) {
      listeners.on(type, listener)
      following ??= follow()
      return () => off(type, listener)
    },
    off,
    joined: async () => following?.joined,
    async events(since = 0, { signal, limit, waitSeconds } = {}) {
      const query = { since, limit, waitSeconds }
      return (await http.call('library.events', { query }, { signal })).events as LibraryEvent[]
    },
    follow: (options = {}) =>
      followLog<LibraryEvent>((since, asking) => http.request('library.events', { query: { since } }, asking), options),
  }
}
