/** The realtime place of one video: joining and replay, presence, typing, playheads. */
import type { HttpHandlers } from '../platform/http/index.ts'
import { roomRequests } from './live.ts'
import { createPresence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'
import { awaitEvents, sendEvents } from './send-events.ts'

export function createRooms(options: RoomsOptions) {
  const { videos } = options
  const presence = createPresence(options)
  const stopping = new AbortController()
  const routes: Pick<HttpHandlers, 'videos.events'> = {
    'videos.events': async ({ params, query, ctx, signal: hungUp }) => {
      const videoId = params.id
      const signal = AbortSignal.any([hungUp, stopping.signal])
      await videos.get(videoId)
      const { since, limit, waitSeconds } = query
      if (ctx.accepts('application/json', 'text/event-stream') !== 'text/event-stream')
        return { events: await awaitEvents(options, { videoId, since, limit, waitSeconds, signal }) }
      const seen = Number(ctx.get('last-event-id') || since)
      await sendEvents(options, { videoId, since: Number.isInteger(seen) ? seen : since, ctx, signal })
      // The answer is out; a handler must give one all the same.
      return { events: [] }
    },
  }
  return {
    live: roomRequests(options, presence),
    routes,
    /** Ends the streams of events: their readers go on at the next server. */
    async stop() {
      stopping.abort()
    },
  }
}
