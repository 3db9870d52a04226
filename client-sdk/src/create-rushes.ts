import type { Health, RouteName, SearchResult } from '../../shared/index.ts'
import { type CallAnswer, type CallInput, createHttpCaller } from './http/call.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createKeys, type Keys } from './keys.ts'
import { createLibrary, type Library } from './library.ts'
import type { CallOptions, RushesOptions } from './options.ts'
import { createPersonKeys } from './person-key.ts'
import { type JoinOptions, joinRoom } from './rooms/join-room.ts'
import { openLink } from './rooms/link.ts'
import type { Room } from './rooms/room.ts'
import { createVideos, type SearchOptions, searchQuery, type Videos } from './videos.ts'

/** A server, and what can be done with it. Made by `createRushes`. */
export interface Rushes {
  videos: Videos
  rooms: {
    /** Resolves once the room is joined. Throws `video.not_found`, `auth.*`, `network`, or the signal's reason. */
    join(videoId: string, options?: JoinOptions): Promise<Room>
  }
  /** All videos together, as they come, are ready, and go. */
  library: Library
  /** Work that outlives its request: look at it, call it off, run it again. */
  jobs: Jobs
  /** API keys, for whoever has one. On a server that wants none, `create` makes the first, and shuts it. */
  keys: Keys
  /** What is said in all videos, best first. */
  search(q: string, options?: SearchOptions): Promise<SearchResult>
  /** Each part of the server, and on which rungs its engines stand. Throws when a needed part is down. */
  health(options?: CallOptions): Promise<Health>
  /** Any JSON route of the contract by its name, typed; what the methods above are made of. */
  call<N extends RouteName>(name: N, input: CallInput<N>, options?: CallOptions): Promise<CallAnswer<N>>
}

/** Connects to nothing yet: every method does when it is called. */
export function createRushes(options: RushesOptions): Rushes {
  const http = createHttpCaller(options)
  const { url, name } = options
  const { credentials } = http
  const personKey = createPersonKeys(options.person)
  return {
    videos: createVideos(http),
    rooms: {
      async join(videoId, join) {
        const person = personKey(join?.name ?? name)
        const [room] = await Promise.all([
          joinRoom({ url, credentials, name, person }, videoId, join),
          http.linksReady(),
        ])
        return room
      },
    },
    library: createLibrary(http, () => openLink({ url, credentials, name, person: personKey(name) })),
    jobs: createJobs(http),
    keys: createKeys(http),
    search: (q, { signal, ...asking } = {}) => http.call('search.all', { query: searchQuery(q, asking) }, { signal }),
    health: callOptions => http.call('health.get', {}, callOptions),
    call: http.call,
  }
}
