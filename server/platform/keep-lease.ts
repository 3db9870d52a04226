export interface LeaseOptions {
  /** False when somebody else holds it by now. */
  renew: () => Promise<boolean>
  leaseMs: number
  /** What whoever works under the lease hears when it is lost. */
  lost: () => Error
}
export interface KeptLease extends AsyncDisposable {
  /** Aborts when somebody else may hold it: whoever works under it stops. */
  signal: AbortSignal
  /** Renews no more. It lapses, or is given back by whoever holds it. */
  stop(): Promise<void>
}

/** Renewed four times while it lasts: one renewal may fail, and it still holds. */
const renewalsALease = 4
/** Who could not renew for so much of it stops: a clock may go wrong a little, and stopping takes its time. */
const trusted = 0.8

/**
 * Holds on to what a row gives out for a while, such as an upload that one receiver has. A server that stood still, or
 * that could not reach the database, finds out by the time that passed before it hears so from the database.
 */
export function keepLease({ renew, leaseMs, lost }: LeaseOptions): KeptLease {
  const ended = new AbortController()
  // Not the clock of the process: that one stands still while the machine sleeps.
  let renewedAt = Date.now()
  let askedAt = renewedAt
  let renewing: Promise<void> | null = null

  const lose = () => {
    clearInterval(timer)
    ended.abort(lost())
  }
  const ask = async () => {
    askedAt = Date.now()
    const startedAt = askedAt
    const held = await renew().catch(() => null) // the database may be back in time
    if (held === false) lose()
    if (held) renewedAt = startedAt
    renewing = null
  }
  const look = () => {
    if (Date.now() - renewedAt > leaseMs * trusted) lose()
    else if (Date.now() - askedAt >= leaseMs / renewalsALease) renewing ??= ask()
  }
  // More often than it renews: silence is noticed in time.
  const timer = setInterval(look, leaseMs / renewalsALease / 4)

  const stop = async () => {
    clearInterval(timer)
    await renewing
  }
  return { signal: ended.signal, stop, [Symbol.asyncDispose]: stop }
}
