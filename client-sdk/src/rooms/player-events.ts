import type { WatchedPlayer } from './room.ts'

/** Listens to several events of a player. Returns how to stop. */
export function listenTo(player: WatchedPlayer, listeners: Record<string, () => void>): () => void {
  const entries = Object.entries(listeners)
  for (const [type, listener] of entries) player.addEventListener(type, listener)
  return () => {
    for (const [type, listener] of entries) player.removeEventListener(type, listener)
  }
}
