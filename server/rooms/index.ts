/** The realtime place of one video: joining and replay, presence, typing, playheads, watching together. */
import { type RoomEvent, videoOfStream, videoStream } from '../../shared/index.ts'
import { answerWithEvents } from '../platform/following/index.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import { roomRequests } from './live.ts'
import { createWatching } from './playback.ts'
import { createPlayheads } from './playheads.ts'
import { createPresence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'
import { roomTimes } from './times.ts'
import { createTyping } from './typing.ts'

export { roomMetrics } from './metrics.ts'
export { plainRooms } from './plain-place.ts'
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
  options.onLeft((stream, caller) => {
    const videoId = videoOfStream(stream)
    if (videoId) live.left(videoId, caller)
  })
  options.journal.onCommitted(({ stream, events }) => {
    const videoId = videoOfStream(stream)
    if (!videoId) return
    for (const { type, payload } of events)
      if (type === 'message.created' && payload.message.authorId) typing.said(videoId, payload.message.authorId)
  })
  const stopping = new AbortController()
  const routes: Pick<HttpHandlers, 'videos.events'> = {
    'videos.events': async ({ params, query, ctx, signal: hungUp }) => {
      const signal = AbortSignal.any([hungUp, stopping.signal])
      await videos.get(params.id)
      const stream = videoStream(params.id)
      const isLast = ({ type }: RoomEvent) => type === 'video.deleted'
      return answerWithEvents(options, { stream, ...query, ctx, signal, isLast })
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
