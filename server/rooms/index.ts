/** The realtime place of one video: joining and replay, presence, typing, playheads, watching together. */
import { WrittenSequence } from '../../shared/index.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import { parseInput } from '../platform/parse-input.ts'
import { roomRequests } from './live.ts'
import { createWatching } from './playback.ts'
import { createPlayheads } from './playheads.ts'
import { createPresence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'
import { awaitEvents, sendEvents } from './send-events.ts'
import { roomTimes } from './times.ts'
import { createTyping } from './typing.ts'

export type { RoomsOptions } from './rooms.ts'
export type { RoomTimes } from './times.ts'

export function createRooms(options: RoomsOptions) {
  const { videos, notify, nowMs = Date.now } = options
  const times = { ...roomTimes, ...options.times }
  const presence = createPresence({ ...options, times, nowMs })
  const playheads = createPlayheads({ ...options, presence, times, nowMs })
  const typing = createTyping({ notify, endsMs: times.typingEndsMs })
  const watching = createWatching({ ...options, presence, times, nowMs })
  const live = roomRequests(options, { presence, playheads, typing, watching, nowMs })
  options.onLeft(live.left)
  options.journal.onCommitted(({ videoId, events }) => {
    for (const { type, payload } of events)
      if (type === 'message.created' && payload.message.authorId) typing.said(videoId, payload.message.authorId)
  })
  const stopping = new AbortController()
  const routes: Pick<HttpHandlers, 'videos.events'> = {
    'videos.events': async ({ params, query, ctx, signal: hungUp }) => {
      const videoId = params.id
      const signal = AbortSignal.any([hungUp, stopping.signal])
      await videos.get(videoId)
      const { since, limit, waitSeconds } = query
      // A stream of which no body is wanted would never end.
      const wantsStream = ctx.accepts('application/json', 'text/event-stream') === 'text/event-stream'
      if (!wantsStream || ctx.method === 'HEAD')
        return { events: await awaitEvents(options, { videoId, since, limit, waitSeconds, signal }) }
      const seen = ctx.get('last-event-id')
      const from = seen === '' ? since : parseInput(WrittenSequence, seen, 'header Last-Event-ID')
      await sendEvents(options, { videoId, since: from, ctx, signal })
      // The answer is out; a handler must give one all the same.
      return { events: [] }
    },
  }
  return {
    live: live.requests,
    routes,
    /** Ends the streams of events: their readers go on at the next server. The other servers are told goodbye. */
    async stop() {
      stopping.abort()
      for (const part of [watching, typing, playheads, presence]) part.stop()
    },
  }
}
