import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useRoomState } from './room-provider.tsx'

const leastMs = 400
const stillMs = 1000

/** What tells where it is; an `HTMLMediaElement` is one. */
export type ShownPlayer = Pick<HTMLMediaElement, 'currentTime' | 'playbackRate' | 'paused'> &
  Pick<EventTarget, 'addEventListener' | 'removeEventListener'>

/**
 * Tells the others where one is in the film: a player's starts, stops and jumps at once, and once a second while it
 * runs. Answers how to tell it by hand, for players that are no media element; also never more than a few times a second.
 */
export function usePlayhead(player?: ShownPlayer | null): (playhead: Told) => void {
  const room = useRoomState(state => (state.status === 'live' ? state.room : null))
  const latest = useRef(room)
  latest.current = room
  const teller = useMemo(() => createPlayheadTeller(playhead => latest.current?.playhead(playhead)), [])

  const tellPlayer = useCallback(() => {
    if (player) teller.tell({ atSeconds: player.currentTime, playing: !player.paused, rate: player.playbackRate })
  }, [player, teller])
  useEffect(() => {
    if (!player) return
    const names = ['play', 'pause', 'seeked', 'ratechange', 'timeupdate', 'ended', 'loadedmetadata']
    for (const name of names) player.addEventListener(name, tellPlayer)
    return () => {
      for (const name of names) player.removeEventListener(name, tellPlayer)
    }
  }, [player, tellPlayer])
  // The room is joined, or joined again: whoever was told before may have forgotten.
  useEffect(() => {
    teller.forget()
    if (room) tellPlayer()
  }, [room, teller, tellPlayer])
  useEffect(() => teller.forget, [teller])
  return teller.tell
}

interface Told {
  atSeconds: number
  playing: boolean
  /** 1 is normal speed. */
  rate?: number | undefined
}

function createPlayheadTeller(say: (playhead: Told) => void) {
  let told: Told | null = null
  let toldAt = Number.NEGATIVE_INFINITY
  let wanted: Told | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = () => {
    if (!wanted) return
    told = wanted
    wanted = null
    toldAt = performance.now()
    say(told)
  }
  return {
    tell(playhead: Told) {
      clearTimeout(timer)
      wanted = null
      if (told && !playhead.playing && isSamePlace(told, playhead)) return
      const sinceMs = performance.now() - toldAt
      const waitMs = (told && goesOn(told, playhead, sinceMs) ? stillMs : leastMs) - sinceMs
      wanted = playhead
      if (waitMs > 0) timer = setTimeout(flush, waitMs)
      else flush()
    },
    forget() {
      clearTimeout(timer)
      told = null
      toldAt = Number.NEGATIVE_INFINITY
    },
  }
}

/** It is where whoever heard of it last would reckon it to be. */
function goesOn(told: Told, now: Told, sinceMs: number): boolean {
  // Who follows another player runs a little faster or slower at times.
  if (told.playing !== now.playing || Math.abs((told.rate ?? 1) - (now.rate ?? 1)) > 0.1) return false
  const reckoned = told.playing ? told.atSeconds + (sinceMs / 1000) * (told.rate ?? 1) : told.atSeconds
  return Math.abs(reckoned - now.atSeconds) < 0.3
}

const isSamePlace = (told: Told, now: Told): boolean =>
  told.playing === now.playing && told.atSeconds === now.atSeconds && told.rate === now.rate
