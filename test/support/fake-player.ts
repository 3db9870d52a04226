import type { WatchedPlayer } from '../../client-sdk/src/index.ts'

/** A player with nothing in it: its time passes by the clock that it is given. A person's hand calls what code does. */
export interface FakePlayer extends WatchedPlayer {
  duration: number
  /** Waits for bytes: time stands still, though it is not paused. */
  stall(): void
  unstall(): void
}

export interface FakePlayerOptions {
  /** Milliseconds that pass. */
  nowMs?: () => number
  durationSeconds?: number
  /** How much faster it runs than it should. */
  skew?: number
  /** How long a seek takes. */
  seekMs?: number
  /** Browsers refuse to play before the first click. */
  refuses?: boolean
}

export function createFakePlayer(options: FakePlayerOptions = {}): FakePlayer {
  const { nowMs = () => performance.now(), durationSeconds = 600, skew = 1, seekMs = 0, refuses = false } = options
  const target = new EventTarget()
  const now = { at: 0, sinceMs: nowMs(), rate: 1, paused: true, seeking: false, stalled: false }
  let seeks = 0
  // As in browsers: events come after what caused them.
  const tell = (...types: string[]) => {
    for (const type of types) queueMicrotask(() => target.dispatchEvent(new Event(type)))
  }
  const read = () => {
    const ms = nowMs()
    if (!now.paused && !now.seeking && !now.stalled) {
      now.at = Math.min(durationSeconds, now.at + ((ms - now.sinceMs) / 1000) * now.rate * skew)
      if (now.at === durationSeconds) {
        now.paused = true
        tell('pause', 'ended')
      }
    }
    now.sinceMs = ms
    return now.at
  }
  const sought = (mine: number) => {
    if (mine !== seeks) return
    read()
    now.seeking = false
    tell('seeked')
  }
  return {
    duration: durationSeconds,
    get seeking() {
      return now.seeking
    },
    get ended() {
      return read() >= durationSeconds
    },
    get paused() {
      read()
      return now.paused
    },
    get currentTime() {
      return read()
    },
    set currentTime(seconds) {
      read()
      now.at = seconds
      now.seeking = true
      const mine = ++seeks
      tell('seeking')
      if (seekMs === 0) queueMicrotask(() => sought(mine))
      else setTimeout(sought, seekMs, mine)
    },
    get playbackRate() {
      return now.rate
    },
    set playbackRate(rate) {
      read()
      now.rate = rate
      tell('ratechange')
    },
    async play() {
      if (refuses) throw Object.assign(new Error('a click is wanted first'), { name: 'NotAllowedError' })
      read()
      if (now.paused) tell('play', 'playing')
      now.paused = false
    },
    pause() {
      read()
      if (!now.paused) tell('pause')
      now.paused = true
    },
    stall() {
      read()
      now.stalled = true
      tell('waiting')
    },
    unstall() {
      read()
      now.stalled = false
      tell('playing')
    },
    addEventListener: (type, listener) => target.addEventListener(type, listener),
    removeEventListener: (type, listener) => target.removeEventListener(type, listener),
  }
}
