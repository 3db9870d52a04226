import { useRoomState } from './room-provider.tsx'
import type { Other } from './room-state.ts'

/** The other people in the room, one entry a person: where they are (`secondsOf`), whether they type, follow or lead. */
export function useOthers(): readonly Other[]
/** What `select` makes of them: drawn again only when that has another content, looked at one level deep. */
export function useOthers<T>(select: (others: readonly Other[]) => T): T
export function useOthers(select: (others: readonly Other[]) => unknown = others => others): unknown {
  return useRoomState(state => select(state.others))
}
