import type { Member, VideoId } from '../../shared/index.ts'
import type { SocketCaller } from '../platform/hub/index.ts'
import type { RoomsOptions } from './rooms.ts'

export interface Presence {
  enter(videoId: VideoId, caller: SocketCaller): void
  leave(videoId: VideoId, caller: SocketCaller): void
  members(videoId: VideoId): Member[]
}

export function createPresence({ notify, onLeft }: Pick<RoomsOptions, 'notify' | 'onLeft'>): Presence {
  const rooms = new Map<VideoId, Map<string, SocketCaller>>()
  const members = (videoId: VideoId): Member[] =>
    [...Map.groupBy(rooms.get(videoId)?.values() ?? [], caller => caller.memberId)].map(([id, tabs]) => ({
      ...{ id, name: tabs[0]?.name ?? '', connections: tabs.length, playhead: null, following: false },
    }))
  const tell = (videoId: VideoId, { memberId }: SocketCaller) => {
    const all = members(videoId)
    const joined = all.filter(each => each.id === memberId)
    notify(videoId, 'presence', { videoId, joined, left: joined.length > 0 ? [] : [memberId], count: all.length })
  }
  const leave = (videoId: VideoId, caller: SocketCaller) => {
    if (rooms.get(videoId)?.delete(caller.connectionId)) tell(videoId, caller)
  }
  onLeft(leave)
  return {
    members,
    leave,
    enter(videoId, caller) {
      const room = rooms.get(videoId) ?? new Map()
      rooms.set(videoId, room.set(caller.connectionId, caller))
      tell(videoId, caller)
    },
  }
}
