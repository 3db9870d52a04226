import { useCallback, useEffect, useRef } from 'react'
import type { Playback, WatchedPlayer, WatchingChange } from '../index.ts'
import { useRoomState } from './room-provider.tsx'

export interface WatchingTogether {
  /** Who leads; null while nobody does. */
  leader: { id: string; name: string } | null
  /** This player leads. */
  isLeading: boolean
  /** This player plays as the leader's does. It ends by itself when one plays, pauses or seeks by hand. */
  isFollowing: boolean
  /** Why leading or following ended, or that it began: `by-hand`, `refused` and others. */
  reason: WatchingChange['reason']
  /** How many of the others follow. */
  followers: number
  /** Throws `playback.taken` while someone else leads. */
  lead: () => Promise<void>
  follow: () => void
  /** Stops following, or leading. */
  letGo: () => void
  /** Hands the lead to someone who is here, and follows them. Throws `playback.not_leading`. */
  handOn: (memberId: string) => Promise<void>
}

/** Leads the others through the film with a player, or follows whoever leads; an `HTMLMediaElement` is a player. */
export function useWatchTogether(player: WatchedPlayer | null): WatchingTogether {
  const { room, leader, memberId, watching, reason, followers } = useRoomState(state => ({
    ...{ room: state.room, leader: state.playback?.leader ?? null, memberId: state.memberId },
    ...{ watching: state.watching.as, reason: state.watching.reason },
    followers: state.others.filter(other => other.following).length,
  }))
  const stop = useRef<(() => void) | null>(null)
  const letGo = useCallback(() => {
    stop.current?.()
    stop.current = null
  }, [])
  const lead = useCallback(async () => {
    if (room && player) stop.current = await room.lead(player)
  }, [room, player])
  const follow = useCallback(() => {
    if (room && player) stop.current = room.follow(player)
  }, [room, player])
  const handOn = useCallback(
    async (to: string) => {
      await room?.handLead(to)
      follow()
    },
    [room, follow],
  )
  // Another room, or another player: what was done was done with the one before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => letGo, [room, player, letGo])
  useHandedOver({ leader, memberId, isFollowing: watching === 'following', lead })
  useLeaderless({ leader, isFollowing: watching === 'following', letGo })

  return {
    ...{ leader, reason, followers, lead, follow, letGo, handOn },
    isLeading: watching === 'leading',
    isFollowing: watching === 'following',
  }
}

interface Handed {
  leader: Playback['leader']
  memberId: string | null
  isFollowing: boolean
  lead: () => Promise<void>
}

/** Takes a lead that someone handed over, in the tab that follows, or is looked at. */
function useHandedOver({ leader, memberId, isFollowing, lead }: Handed): void {
  const before = useRef(leader?.id)
  useEffect(() => {
    const wasAnothers = before.current !== undefined && before.current !== leader?.id
    before.current = leader?.id
    if (leader?.id !== memberId || !wasAnothers) return
    // Taken by another one in that very moment: then they lead.
    if (isFollowing || globalThis.document?.visibilityState === 'visible') lead().catch(() => {})
  }, [leader, memberId, isFollowing, lead])
}

/** The one who leads may be away for a moment, as when a server starts again. */
const leaderlessMs = 5000

/** When nobody leads any more there is nothing to follow. */
function useLeaderless({ leader, isFollowing, letGo }: Pick<Handed, 'leader' | 'isFollowing'> & { letGo: () => void }) {
  const isLost = isFollowing && leader === null
  useEffect(() => {
    if (!isLost) return
    const timer = setTimeout(letGo, leaderlessMs)
    return () => clearTimeout(timer)
  }, [isLost, letGo])
}
