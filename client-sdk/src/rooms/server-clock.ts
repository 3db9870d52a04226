/** The server's clock, as near as the way to it allows. */
export interface ServerClock {
  /** Milliseconds since 1970 by the server's clock; by this machine's until it is known. */
  now(): number
  /** It was compared with the server of this connection. */
  readonly isKnown: boolean
  /** A connection is there, maybe to another server, whose clock may be another. */
  connected(): void
  stop(): void
}

export interface ServerClockOptions {
  /** Asks the server for its time once. */
  read: () => Promise<number>
  /** A clock of this machine that never jumps. */
  elapsedMs?: () => number
}

const readings = 5
const renewMs = 60_000
const retryMs = 2_000

/**
 * The difference of the clocks is taken from the quickest of several readings: half of its way there and back is the
 * most by which it can be wrong. Nothing is asked before someone wants to know.
 */
export function createServerClock({ read, elapsedMs = () => performance.now() }: ServerClockOptions): ServerClock {
  let differenceMs: number | null = null
  let connection = 0
  let isKnown = false
  let isWanted = false
  let isConnected = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const readOnce = async (): Promise<{ differenceMs: number; tripMs: number }> => {
    const sentMs = elapsedMs()
    const serverMs = await read()
    const backMs = elapsedMs()
    return { differenceMs: serverMs - (sentMs + backMs) / 2, tripMs: backMs - sentMs }
  }
  const compare = async () => {
    const mine = connection
    clearTimeout(timer)
    let best: Awaited<ReturnType<typeof readOnce>> | null = null
    try {
      for (let n = 0; n < readings; n++) {
        const reading = await readOnce()
        if (mine !== connection) return
        if (!best || reading.tripMs < best.tripMs) best = reading
        // The first one will do until there is a better one; what was known before is better than that.
        if (!isKnown || n === readings - 1) differenceMs = best.differenceMs
        isKnown = true
      }
    } catch {
      // The connection is gone, which compares again when it is back, or the server is busy.
      if (mine !== connection) return
    }
    timer = setTimeout(compare, isKnown ? renewMs : retryMs)
    unref(timer)
  }

  const want = () => {
    if (isWanted) return
    isWanted = true
    if (isConnected) void compare()
  }
  return {
    now() {
      want()
      return differenceMs === null ? Date.now() : elapsedMs() + differenceMs
    },
    get isKnown() {
      want()
      return isKnown
    },
    connected() {
      connection++
      isConnected = true
      isKnown = false
      if (isWanted) void compare()
    },
    stop() {
      connection++
      isConnected = false
      clearTimeout(timer)
    },
  }
}

/** A clock keeps no program from ending. Browsers have no such thing. */
const unref = (timer: unknown) => (timer as { unref?: () => void }).unref?.()
