/** The realtime place of one video: joining and replay, presence, typing, playheads, watching together. */
import type { HttpHandlers } from '../platform/http/index.ts'
import { roomRequests } from './live.ts'
import { createWatching } from './playback.ts'
import { createPlayheads } from './playheads.ts'
import { createPresence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'
import { roomTimes } from './times.ts'
import { createTyping } from './typing.ts'

export type { RoomsOptions } from './rooms.ts'
export type { RoomTimes } from './times.ts'

export function createRooms(options: RoomsOptions) {
  const { videos, journal, notify, nowMs = Date.now } = options
  const times = { ...roomTimes, ...options.times }
  const presence = createPresence({ ...options, times, nowMs })
  const playheads = createPlayheads({ ...options, presence, times, nowMs })
  const typing = createTyping({ notify, endsMs: times.typingEndsMs })
  const watching = createWatching({ ...options, presence, times, nowMs })
  const live = roomRequests(options, { presence, playheads, typing, watching, nowMs })
  options.onLeft(live.left)
  const routes: Pick<HttpHandlers, 'videos.events'> = {
    'videos.events': async ({ params, query }) => {
      await videos.get(params.id)
      return { events: await journal.since(params.id, query.since, query.limit) }
    },
  }
  return {
    live: live.requests,
    routes,
    async stop() {
      for (const part of [watching, typing, playheads, presence]) part.stop()
    },
  }
}
