import { useCallback, useEffect, useRef, useState } from 'react'
import type { Playback, Room, WatchedPlayer } from '../index.ts'
import { useRoomState } from './room-provider.tsx'

export interface WatchingTogether {
  /** Who leads; null while nobody does. */
  leader: { id: string; name: string } | null
  isLeading: boolean
  /** This player plays as the leader's does. It ends by itself when one plays, pauses or seeks by hand. */
  isFollowing: boolean
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
  const { room, playback, memberId, followers } = useRoomState(state => ({
    ...{ room: state.room, playback: state.playback, memberId: state.memberId },
    followers: state.others.filter(other => other.following).length,
  }))
  const leader = playback?.leader ?? null
  const isMine = leader !== null && leader.id === memberId
  const [following, setFollowing] = useState(false)
  const letGo = useCallback(() => setFollowing(false), [])
  const leading = useLeading(room, player)

  useHandedOver({ leader, isMine, following, take: leading.start })
  useFollowing(room, following && !isMine ? player : null, letGo)
  // Whoever leads now does not follow; and when nobody leads any more there is nothing to follow.
  useEffect(() => {
    if (!following || (leader && !isMine)) return
    const timer = setTimeout(letGo, isMine ? 0 : leaderlessMs)
    return () => clearTimeout(timer)
  }, [following, leader, isMine, letGo])

  return {
    leader,
    isLeading: leading.isLeading && isMine,
    isFollowing: following && !isMine,
    followers,
    lead: leading.start,
    follow: useCallback(() => setFollowing(true), []),
    letGo: useCallback(() => {
      setFollowing(false)
      leading.stop()
    }, [leading.stop]),
    async handOn(to) {
      await room?.handLead(to)
      setFollowing(true)
    },
  }
}

/** The one who leads may be away for a moment, as when a server starts again. */
const leaderlessMs = 3000

function useLeading(room: Room | null, player: WatchedPlayer | null) {
  const [isLeading, setLeading] = useState(false)
  const release = useRef<(() => void) | null>(null)
  const stop = useCallback(() => {
    release.current?.()
    release.current = null
    setLeading(false)
  }, [])
  const start = useCallback(async () => {
    if (!room || !player) return
    release.current?.()
    release.current = await room.lead(player)
    setLeading(true)
  }, [room, player])
  // Another room, or another player: the lead was of the one before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => stop, [room, player, stop])
  return { isLeading, start, stop }
}

interface Handed {
  leader: Playback['leader']
  isMine: boolean
  following: boolean
  take: () => Promise<void>
}

/** Takes a lead that someone handed over, in the tab that follows, or is looked at. */
function useHandedOver({ leader, isMine, following, take }: Handed): void {
  const before = useRef(leader)
  useEffect(() => {
    const wasAnothers = before.current !== null && leader !== null && before.current.id !== leader.id
    before.current = leader
    if (!isMine || !wasAnothers) return
    // Let go again in that very moment: then someone else leads, or nobody.
    if (following || globalThis.document?.visibilityState === 'visible') take().catch(() => {})
  }, [leader, isMine, following, take])
}

/** Further off than following leaves it, in seconds: it was done by hand. */
const byHandSeconds = 1

function useFollowing(room: Room | null, player: WatchedPlayer | null, letGo: () => void): void {
  useEffect(() => {
    if (!room || !player) return
    const unfollow = room.follow(player)
    const onPlay = () => isUnderWay(room.playback) || letGo()
    // At its end a film pauses by itself.
    const onPause = () => isUnderWay(room.playback) && !isAtEnd(player) && letGo()
    const onSeeking = () => Math.abs(player.currentTime - leaderSeconds(room)) > byHandSeconds && letGo()
    player.addEventListener('play', onPlay)
    player.addEventListener('pause', onPause)
    player.addEventListener('seeking', onSeeking)
    return () => {
      player.removeEventListener('play', onPlay)
      player.removeEventListener('pause', onPause)
      player.removeEventListener('seeking', onSeeking)
      unfollow()
    }
  }, [room, player, letGo])
}

const isUnderWay = ({ playing, leader }: Playback): boolean => playing && leader !== null
const isAtEnd = (player: WatchedPlayer): boolean => 'ended' in player && player.ended === true

function leaderSeconds(room: Room): number {
  const { atSeconds, playing, rate, clockMs } = room.playback
  return playing ? atSeconds + ((room.now() - clockMs) / 1000) * rate : atSeconds
}
