import { z } from 'zod'
import { MemberId, Sequence, type Unread, VideoId, videoOfStream, videoStream } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Bus, Notify, OnLeft, SocketCaller } from '../platform/hub/index.ts'
import { countUnread, findMark, moveMark, placeMark } from './read-mark-queries.ts'

export interface ReadMarksOptions {
  database: Pick<Database, 'db'>
  /** To the connections of this server. */
  notifyHere: Notify
  onLeft: OnLeft
  bus: Pick<Bus, 'publish' | 'on'>
}

/** How far each person has seen each room's log. Only people who can come back have a mark that stays. */
export interface ReadMarks {
  /**
   * Someone has joined, when the log reached to `head`: what they have not seen up to there. Whoever is here for the
   * first time has seen everything: a newcomer is not greeted by five hundred unread messages.
   */
  arrive(videoId: VideoId, caller: SocketCaller, head: number): Promise<Unread>
  /** They have seen everything up to `seq`. A mark never goes back. */
  read(videoId: VideoId, caller: SocketCaller, seq: number): Promise<Unread>
}

const Seen = z.object({ videoId: VideoId, memberId: MemberId, seq: Sequence })
type Seen = z.infer<typeof Seen>

export function createReadMarks({ database, notifyHere, onLeft, bus }: ReadMarksOptions): ReadMarks {
  const { db } = database
  const tabs = createTabs()
  onLeft((stream, caller) => {
    const videoId = videoOfStream(stream)
    if (videoId) tabs.leave(videoId, caller)
  })

  const tell = (seen: Seen, elsewhere: number) => {
    // A room of a thousand who read would tell a thousand people each time: only other tabs of the same person want it.
    if (tabs.count(seen.videoId, seen.memberId) > elsewhere) notifyHere(videoStream(seen.videoId), 'read', seen)
  }
  bus.on('read', Seen, seen => tell(seen, 0))

  return {
    async arrive(videoId, caller, head) {
      const { memberId, isLasting } = caller
      const nothing = { seq: head, messages: 0, mentions: 0 }
      if (!isLasting) return nothing
      // A connection that broke meanwhile has left already.
      if (caller.isIn(videoStream(videoId))) tabs.enter(videoId, caller)
      const mark =
        (await findMark(db, { videoId, memberId })) ?? (await placeMark(db, { videoId, memberId, seq: head }))
      // Nothing is marked in a room that is going.
      if (mark === undefined) return nothing
      return { seq: mark, ...(await countUnread(db, { videoId, memberId, after: mark, upTo: head })) }
    },
    async read(videoId, { memberId, isLasting }, seq) {
      const moved = isLasting ? await moveMark(db, { videoId, memberId, seq }) : undefined
      if (moved !== undefined) {
        const seen = { videoId, memberId, seq: moved }
        tell(seen, 1)
        bus.publish('read', seen)
      }
      const mark = moved ?? (isLasting ? await findMark(db, { videoId, memberId }) : undefined) ?? seq
      return { seq: mark, ...(await countUnread(db, { videoId, memberId, after: mark })) }
    },
  }
}

/** Whose connections to this server are in which room. */
function createTabs() {
  const people = new Map<string, { videoId: VideoId; callers: Set<SocketCaller> }>()
  const keyOf = (videoId: VideoId, memberId: string) => `${videoId} ${memberId}`
  /** Whoever leaves a room and stays connected is told of by nobody: each who comes looks after the one longest here. */
  const tidyOne = () => {
    const [oldest] = people
    if (!oldest) return
    const [key, { videoId, callers }] = oldest
    for (const caller of callers) if (!caller.isIn(videoStream(videoId))) callers.delete(caller)
    people.delete(key)
    if (callers.size > 0) people.set(key, { videoId, callers })
  }
  return {
    enter(videoId: VideoId, caller: SocketCaller) {
      tidyOne()
      const key = keyOf(videoId, caller.memberId)
      const person = people.get(key) ?? { videoId, callers: new Set() }
      person.callers.add(caller)
      people.set(key, person)
    },
    leave(videoId: VideoId, caller: SocketCaller) {
      const key = keyOf(videoId, caller.memberId)
      const person = people.get(key)
      person?.callers.delete(caller)
      if (person?.callers.size === 0) people.delete(key)
    },
    count: (videoId: VideoId, memberId: string) =>
      [...(people.get(keyOf(videoId, memberId))?.callers ?? [])].filter(caller => caller.isIn(videoStream(videoId)))
        .length,
  }
}
