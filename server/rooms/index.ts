/** The realtime place of one video: joining and replay, presence, typing, playheads. */
import type { HttpHandlers } from '../platform/http/index.ts'
import { roomRequests } from './live.ts'
import { createPresence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'

export function createRooms(options: RoomsOptions) {
  const { videos, journal } = options
  const presence = createPresence(options)
  const routes: Pick<HttpHandlers, 'videos.events'> = {
    'videos.events': async ({ params, query }) => {
      await videos.get(params.id)
      return { events: await journal.since(params.id, query.since, query.limit) }
    },
  }
  return { live: roomRequests(options, presence), routes }
}
