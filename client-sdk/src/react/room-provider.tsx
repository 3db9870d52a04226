import { createContext, type ReactNode, use, useEffect, useMemo } from 'react'
import { useRushes } from './provider.tsx'
import type { RoomState } from './room-state.ts'
import { createRoomStore, type RoomActions, type RoomStore } from './room-store.ts'
import { useSelected } from './store.ts'

const RoomContext = createContext<RoomStore | null>(null)

export interface RoomProviderProps {
  videoId: string
  /** Shown to the others and beside what is said. Another name joins again; what was known stays. */
  name: string
  children: ReactNode
}

/** Joins the room of a video once, for all the hooks below it, and leaves it with the component. */
export function RoomProvider({ videoId, name, children }: RoomProviderProps) {
  const rushes = useRushes()
  const room = useMemo(() => createRoomStore(rushes, videoId), [rushes, videoId])
  useEffect(() => room.join(name), [room, name])
  return <RoomContext value={room}>{children}</RoomContext>
}

/** The room of the provider above; null without one. */
export const useMaybeRoomStore = (): RoomStore | null => use(RoomContext)

function useRoomStore(): RoomStore {
  const room = use(RoomContext)
  if (!room) throw new Error('The hooks of a room need a <RoomProvider videoId={...} name={...}> above them.')
  return room
}

/** The same object for as long as the room is. */
export const useRoomActions = (): RoomActions => useRoomStore().actions

/** A part of the room's state; drawn again only when that part changes. */
export function useRoomState<T>(select: (state: RoomState) => T): T {
  return useSelected(useRoomStore().store, select)
}
