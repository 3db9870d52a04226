import { correction, type Place } from './correction.ts'
import { listenTo } from './player-events.ts'
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
/** Players move themselves by less than this, over gaps and to keyframes. */
const ownMoveSeconds = 0.5
/** What a seek takes is aimed ahead, up to this. */
const mostAheadSeconds = 2

interface Seen {
  atSeconds: number
  rate: number
  playing: boolean
  atMs: number
}

export function createFollower(options: FollowerOptions): Follower {
  const { player, expected, onLetGo, elapsedMs } = options
  const rateBefore = player.playbackRate
  /** What we made the player do; null while it is left to itself. */
  let commanded: { playing: boolean; rate: number } | null = null
  let seek: { toSeconds: number; sinceMs: number } | null = null
  let aheadSeconds = 0
  let isStarting = false
  let isLoading = false
  let isOver = false
  let seen = see()
  let leaderSeen: Seen | null = null

  function see(): Seen {
    const { currentTime: atSeconds, playbackRate: rate, paused } = player
    return { atSeconds, rate, playing: !paused, atMs: elapsedMs() }
  }
  const lastSecond = () => (Number.isFinite(player.duration) ? (player.duration ?? 0) : Number.POSITIVE_INFINITY)
  const isAtEnd = () => player.ended === true || player.currentTime >= lastSecond() - 0.3

  const setRate = (rate: number) => {
    if (commanded) commanded.rate = rate
    if (player.playbackRate !== rate) player.playbackRate = rate
  }
  const seekTo = (toSeconds: number) => {
    if (seek && player.seeking && Math.abs(seek.toSeconds - toSeconds) < exactSeconds) return
    seek = { toSeconds, sinceMs: elapsedMs() }
    player.currentTime = toSeconds
  }
  const start = async () => {
    isStarting = true
    try {
      await player.play()
    } catch (fault) {
      // A pause came between: the next look says what is to be.
      if ((fault as { name?: string }).name !== 'AbortError') letGo('refused')
    } finally {
      isStarting = false
    }
  }

  const hold = (place: Place) => {
    commanded = { playing: false, rate: place.rate }
    setRate(place.rate)
    if (!player.paused) player.pause()
    const isThere = Math.abs(player.currentTime - place.atSeconds) < exactSeconds
    if (!isThere && !(place.atSeconds === lastSecond() && isAtEnd())) seekTo(place.atSeconds)
  }
  const run = (place: Place, hasJumped: boolean) => {
    commanded ??= { playing: true, rate: player.playbackRate }
    commanded.playing = true
    if (player.seeking || isStarting) return
    const isResting = player.paused
    const actual = { atSeconds: player.currentTime, rate: player.playbackRate }
    const change = correction(place, actual, hasJumped || isResting ? jumpSeconds : undefined)
    if (change.type === 'seek') {
      setRate(place.rate)
      seekTo(Math.min(change.toSeconds + aheadSeconds * place.rate, lastSecond()))
    } else if (change.type === 'rate') setRate(change.rate)
    if (isResting) void start()
  }
  const leave = () => {
    if (commanded) setRate(rateBefore)
    commanded = null
    leaderSeen = null
  }

  const correct = () => {
    if (isOver || isLoading) return
    const place = expected()
    if (!place) return leave()
    const atSeconds = Math.min(place.atSeconds, lastSecond())
    const leader: Seen = { ...place, atSeconds, atMs: elapsedMs() }
    const hasJumped = leaderSeen === null || Math.abs(atSeconds - secondsAt(leaderSeen, leader.atMs)) > jumpSeconds
    leaderSeen = leader
    if (place.playing && atSeconds < lastSecond()) run({ atSeconds, rate: place.rate }, hasJumped)
    else hold({ atSeconds, rate: place.rate })
    seen = see()
  }

  const stop = () => {
    if (isOver) return
    isOver = true
    unlisten()
    leave()
  }
  const letGo = (reason: 'by-hand' | 'refused') => {
    if (isOver) return
    stop()
    onLetGo(reason)
  }
  const onSeeking = () => {
    if (!commanded || isLoading) return
    const { currentTime } = player
    const expectedNow = secondsAt(seen, elapsedMs())
    // Ours was seen already. It may have stood still since, waiting for bytes.
    const isOwnMove = currentTime > seen.atSeconds - ownMoveSeconds && currentTime < expectedNow + ownMoveSeconds
    if (!isOwnMove) letGo('by-hand')
  }
  const unlisten = listenTo(player, {
    pause: () => commanded?.playing && player.paused && !isLoading && !isAtEnd() && letGo('by-hand'),
    play: () => commanded?.playing === false && !player.paused && !isLoading && letGo('by-hand'),
    ratechange() {
      if (!commanded || isLoading || Math.abs(player.playbackRate - commanded.rate) < 0.001) return
      // Theirs from now on.
      commanded = null
      letGo('by-hand')
    },
    seeking: onSeeking,
    seeked() {
      if (!seek || player.seeking) return
      aheadSeconds = Math.min((elapsedMs() - seek.sinceMs) / 1000, mostAheadSeconds)
      seek = null
      correct()
    },
    // Another file in the same player, such as another quality: it begins anew, at rest.
    emptied() {
      isLoading = true
      commanded = null
      seek = null
    },
    loadedmetadata() {
      isLoading = false
      correct()
    },
  })

  return { correct, stop }
}

const secondsAt = ({ atSeconds, rate, playing, atMs }: Seen, nowMs: number): number =>
  playing ? atSeconds + ((nowMs - atMs) / 1000) * rate : atSeconds
