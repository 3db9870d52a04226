import type { Room, Video } from '../index.ts'
import type { Failing } from './failing.ts'
import { useRoomActions, useRoomState } from './room-provider.tsx'
import type { RoomPhase } from './room-state.ts'
import type { RoomActions } from './room-store.ts'

export interface RoomHandle extends RoomActions {
  phase: RoomPhase
  /** Why the room could not be joined; see `rejoin`. */
  failure: Failing | null
  /** Null until it is joined. */
  video: Video | null
  /** Which of the members one is oneself. */
  memberId: string | null
  /** What `rushes.rooms.join` gave, for all that has no hook; null until it is joined. */
  room: Room | null
}

/** The room as a whole: its video, and all that can be done in it. Drawn again when the video changes. */
export function useRoom(): RoomHandle {
  const state = useRoomState(({ phase, failure, video, memberId, room }) => ({
    ...{ phase, failure, video, memberId, room },
  }))
  return { ...state, ...useRoomActions() }
}
