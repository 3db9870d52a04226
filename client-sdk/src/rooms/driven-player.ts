import type { Place } from './correction.ts'
import { listenTo } from './player-events.ts'
import type { WatchedPlayer } from './room.ts'

/** A player that is moved by us, while a person may take it into their own hands at any moment: the two are told apart. */
export interface DrivenPlayer {
  /** Another file is being loaded. */
  readonly isLoading: boolean
  /** It seeks or starts: what is asked of it now would come too early. */
  readonly isMoving: boolean
  readonly isResting: boolean
  readonly isAtEnd: boolean
  /** In seconds; infinite until it is known. */
  readonly lastSecond: number
  /** Where we sought to last: some players land beside it. */
  readonly soughtSeconds: number | null
  look(): Place
  setRate(rate: number): void
  /** `isRunning`: it aims ahead by what the last seek took. */
  seek(toSeconds: number, isRunning: boolean): void
  play(): void
  pause(): void
  /** What it does from now on is its own affair, at its own speed. */
  letBe(): void
  stop(): void
}

export interface DrivenPlayerOptions {
  player: WatchedPlayer
  /** A clock of this machine that never jumps. */
  elapsedMs: () => number
  /** Someone paused, played, sought or changed the speed. */
  onHand: () => void
  /** It may not play. */
  onRefused: () => void
  /** It has sought or loaded, and can be told more. */
  onReady: () => void
}

/** Players move themselves by less than this, over gaps and to keyframes. */
const ownMoveSeconds = 0.5
/** What a seek takes is aimed ahead, up to this. */
const mostAheadSeconds = 2

/** It may have run since it was seen, or stood still, waiting for bytes. */
function hasJumped(
  { currentTime, playbackRate }: WatchedPlayer,
  seen: { atSeconds: number; atMs: number },
  nowMs: number,
) {
  const ranSeconds = ((nowMs - seen.atMs) / 1000) * playbackRate
  const movedSeconds = currentTime - seen.atSeconds
  return movedSeconds < -ownMoveSeconds || movedSeconds > ranSeconds + ownMoveSeconds
}

async function isRefused(player: WatchedPlayer): Promise<boolean> {
  try {
    await player.play()
    return false
  } catch (fault) {
    // A pause came between: the next look says what is to be.
    return (fault as { name?: string }).name !== 'AbortError'
  }
}

export function createDrivenPlayer(options: DrivenPlayerOptions): DrivenPlayer {
  const { player, elapsedMs, onHand, onRefused, onReady } = options
  const ownRate = player.playbackRate
  /** What we have made it do; null while it is left to itself. */
  let commanded: { playing: boolean; rate: number } | null = null
  let soughtSeconds: number | null = null
  let seeking: { sinceMs: number } | null = null
  let aheadSeconds = 0
  let isStarting = false
  let isLoading = false
  let seen = { atSeconds: player.currentTime, atMs: elapsedMs() }

  const lastSecond = () => (Number.isFinite(player.duration) ? (player.duration ?? 0) : Number.POSITIVE_INFINITY)
  const isAtEnd = () => player.ended === true || player.currentTime >= lastSecond() - 0.3
  const look = (): Place => {
    const { currentTime: atSeconds, playbackRate: rate } = player
    seen = { atSeconds, atMs: elapsedMs() }
    return { atSeconds, rate }
  }
  const command = (playing: boolean) => {
    commanded = { rate: player.playbackRate, ...commanded, playing }
  }
  const start = async () => {
    isStarting = true
    if (await isRefused(player)) onRefused()
    isStarting = false
  }

  const byHand: Record<string, () => boolean> = {
    pause: () => commanded?.playing === true && player.paused && !isAtEnd(),
    play: () => commanded?.playing === false && !player.paused,
    ratechange() {
      const isTheirs = commanded !== null && Math.abs(player.playbackRate - commanded.rate) > 0.001
      // And stays theirs.
      if (isTheirs) commanded = null
      return isTheirs
    },
    // Where we sought to was seen.
    seeking: () => commanded !== null && hasJumped(player, seen, elapsedMs()),
  }
  const hands = Object.entries(byHand).map(([type, isByHand]) => [type, () => !isLoading && isByHand() && onHand()])
  const unlisten = listenTo(player, {
    ...Object.fromEntries(hands),
    seeked() {
      if (!seeking || player.seeking) return
      aheadSeconds = Math.min((elapsedMs() - seeking.sinceMs) / 1000, mostAheadSeconds)
      seeking = null
      onReady()
    },
    // Another file in the same player, such as another quality: it begins anew, at rest.
    emptied() {
      isLoading = true
      commanded = null
      seeking = null
    },
    loadedmetadata() {
      isLoading = false
      onReady()
    },
  })

  const setRate = (rate: number) => {
    commanded = { playing: !player.paused, ...commanded, rate }
    if (player.playbackRate !== rate) player.playbackRate = rate
  }
  return {
    look,
    setRate,
    get isLoading() {
      return isLoading
    },
    get isMoving() {
      return player.seeking || isStarting
    },
    get isResting() {
      return player.paused
    },
    get isAtEnd() {
      return isAtEnd()
    },
    get lastSecond() {
      return lastSecond()
    },
    get soughtSeconds() {
      return soughtSeconds
    },
    seek(toSeconds, isRunning) {
      soughtSeconds = toSeconds
      const ahead = isRunning ? aheadSeconds * player.playbackRate : 0
      seeking = { sinceMs: elapsedMs() }
      player.currentTime = Math.min(toSeconds + ahead, lastSecond())
      look()
    },
    play() {
      command(true)
      if (player.paused && !isStarting) void start()
    },
    pause() {
      command(false)
      if (!player.paused) player.pause()
    },
    letBe() {
      if (commanded) setRate(ownRate)
      commanded = null
    },
    stop: unlisten,
  }
}
