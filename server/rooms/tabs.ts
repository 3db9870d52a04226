import type { MemberId, VideoId } from '../../shared/index.ts'
import type { SocketCaller } from '../platform/hub/index.ts'
import type { Rosters } from './rosters.ts'

type Who = Pick<SocketCaller, 'connectionId' | 'memberId' | 'name'>

/** The connections of this server: several of one person make one seat. */
export interface Tabs {
  enter(videoId: VideoId, who: Who): void
  /** False when that connection was not there. */
  leave(videoId: VideoId, who: Who): boolean
  follow(videoId: VideoId, who: Who, following: boolean): void
  /** Rooms, and people in them, each counted once a room. */
  counts(): { rooms: number; people: number }
}

interface Person {
  name: string
  sinceMs: number
  /** By connection: does it follow? */
  tabs: Map<string, boolean>
}

export interface TabsOptions {
  serverId: string
  rosters: Pick<Rosters, 'put' | 'remove' | 'seat'>
  nowMs: () => number
}

export function createTabs({ serverId, rosters, nowMs }: TabsOptions): Tabs {
  const rooms = new Map<VideoId, Map<MemberId, Person>>()
  let people = 0

  const seat = (videoId: VideoId, id: MemberId, { name, sinceMs, tabs }: Person) => {
    const playhead = rosters.seat(videoId, serverId, id)?.playhead ?? null
    const following = [...tabs.values()].some(Boolean)
    rosters.put(videoId, serverId, { id, name, connections: tabs.size, following, sinceMs, playhead })
  }
  const forget = (videoId: VideoId, id: MemberId) => {
    const room = rooms.get(videoId)
    if (room?.delete(id)) people--
    if (room?.size === 0) rooms.delete(videoId)
    rosters.remove(videoId, serverId, id)
  }

  return {
    enter(videoId, { connectionId, memberId, name }) {
      const room = rooms.get(videoId) ?? new Map<MemberId, Person>()
      rooms.set(videoId, room)
      const known = room.get(memberId)
      if (!known) people++
      const person = { name, sinceMs: nowMs(), tabs: known?.tabs ?? new Map<string, boolean>() }
      if (!person.tabs.has(connectionId)) person.tabs.set(connectionId, false)
      room.set(memberId, person)
      seat(videoId, memberId, person)
    },
    leave(videoId, { connectionId, memberId }) {
      const person = rooms.get(videoId)?.get(memberId)
      if (!person?.tabs.delete(connectionId)) return false
      if (person.tabs.size === 0) forget(videoId, memberId)
      else seat(videoId, memberId, person)
      return true
    },
    follow(videoId, { connectionId, memberId }, following) {
      const person = rooms.get(videoId)?.get(memberId)
      if (!person?.tabs.has(connectionId)) return
      person.tabs.set(connectionId, following)
      seat(videoId, memberId, person)
    },
    counts: () => ({ rooms: rooms.size, people }),
  }
}
