/** All videos together: the library's own log, and who follows it. */
import { libraryStream } from '../../shared/index.ts'
import { answerWithEvents, isFar, type LogSources, replayLimit } from '../platform/following/index.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { SocketHandlers } from '../platform/hub/index.ts'

export { libraryEcho } from './echo.ts'

type Requests = Pick<SocketHandlers, 'library.join' | 'library.leave' | 'library.replay'>

export function createLibrary(sources: LogSources) {
  const { journal } = sources
  const stopping = new AbortController()
  const routes: Pick<HttpHandlers, 'library.events'> = {
    'library.events': ({ query, ctx, signal }) => {
      const until = AbortSignal.any([signal, stopping.signal])
      return answerWithEvents(sources, { stream: libraryStream, ...query, ctx, signal: until })
    },
  }
  const live: Requests = {
    // In this order: what is committed after entering arrives live. Some of it may come twice then, and its number tells.
    async 'library.join'({ since }, caller) {
      await caller.enter(libraryStream)
      const seq = await journal.head(libraryStream)
      const isSnapshot = since !== undefined && isFar(since, seq)
      const events = since === undefined || isSnapshot ? [] : await journal.since(libraryStream, since, replayLimit)
      return { seq, events, isSnapshot }
    },
    async 'library.leave'(_, caller) {
      await caller.leave(libraryStream)
      return {}
    },
    'library.replay': async ({ since, limit }) => ({
      events: await journal.since(libraryStream, since, limit ?? replayLimit),
    }),
  }
  return {
    routes,
    live,
    /** Ends the streams of events: their readers go on at the next server. */
    stop: async () => stopping.abort(),
  }
}
