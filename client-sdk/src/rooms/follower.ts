import { correction, type Place } from './correction.ts'
import { createDrivenPlayer, type DrivenPlayer } from './driven-player.ts'
import type { WatchedPlayer } from './room.ts'

/** Keeps a player where it is to be, until a person takes it into their own hands. */
export interface Follower {
  /** Looks once, and corrects. */
  correct(): void
  /** Leaves the player as it is, at its own speed. */
  stop(): void
}

export interface FollowerOptions {
  player: WatchedPlayer
  /** Where the film is to be by now; null while nobody leads. */
  expected: () => (Place & { playing: boolean }) | null
  /** It has stopped: someone paused, played, sought or changed the speed by hand, or playing is not allowed. */
  onLetGo: (reason: 'by-hand' | 'refused') => void
  /** A clock of this machine that never jumps. */
  elapsedMs: () => number
}

/** When the leader jumped, or before starting, differences from here on are jumped too. */
const jumpSeconds = 0.2
/** A paused film stands exactly there, to less than a frame. */
const exactSeconds = 0.01

export function createFollower({ player, expected, onLetGo, elapsedMs }: FollowerOptions): Follower {
  const jumps = createJumps(elapsedMs)
  let isOver = false
  const stop = () => {
    isOver = true
    driven.stop()
    driven.letBe()
  }
  const letGo = (reason: 'by-hand' | 'refused') => {
    if (isOver) return
    stop()
    onLetGo(reason)
  }
  const correct = () => {
    if (isOver || driven.isLoading) return
    const place = expected()
    if (!place) {
      jumps.forget()
      return driven.letBe()
    }
    const { lastSecond } = driven
    const target = { ...place, atSeconds: Math.min(place.atSeconds, lastSecond) }
    const hasJumped = jumps.look(target)
    if (place.playing && target.atSeconds < lastSecond) run(driven, target, hasJumped)
    else hold(driven, target)
  }
  const driven = createDrivenPlayer({
    ...{ player, elapsedMs, onReady: correct },
    onHand: () => letGo('by-hand'),
    onRefused: () => letGo('refused'),
  })
  return { correct, stop }
}

/** It stands where the leader's film stands. */
function hold(driven: DrivenPlayer, { atSeconds, rate }: Place): void {
  driven.pause()
  driven.setRate(rate)
  const offSeconds = Math.abs(driven.look().atSeconds - atSeconds)
  const isThere = offSeconds < exactSeconds || (offSeconds < jumpSeconds && driven.soughtSeconds === atSeconds)
  const bothEnded = atSeconds === driven.lastSecond && driven.isAtEnd
  if (!isThere && !bothEnded) driven.seek(atSeconds, false)
}

/** It runs as the leader's film does. */
function run(driven: DrivenPlayer, target: Place, hasJumped: boolean): void {
  const actual = driven.look()
  if (!driven.isMoving) {
    const change = correction(target, actual, hasJumped || driven.isResting ? jumpSeconds : undefined)
    if (change.type === 'rate') driven.setRate(change.rate)
    if (change.type === 'seek') {
      driven.setRate(target.rate)
      driven.seek(change.toSeconds, true)
    }
  }
  driven.play()
}

/** Tells when the film is elsewhere than it would have come to by itself. */
function createJumps(elapsedMs: () => number) {
  let last: (Place & { playing: boolean; atMs: number }) | null = null
  return {
    look(place: Place & { playing: boolean }): boolean {
      const atMs = elapsedMs()
      const ranSeconds = last?.playing ? ((atMs - last.atMs) / 1000) * last.rate : 0
      const hasJumped = !last || Math.abs(place.atSeconds - last.atSeconds - ranSeconds) > jumpSeconds
      last = { ...place, atMs }
      return hasJumped
    },
    forget() {
      last = null
    },
  }
}
