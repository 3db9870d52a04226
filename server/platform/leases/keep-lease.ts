/** What the database says: it is ours, it is ours and somebody waits for it, or somebody else has it. */
export type Renewal = 'held' | 'wanted' | 'lost'

export interface LeaseTerms {
  /** From one renewal to the next. Who dies is followed by another one after this. */
  leaseMs: number
  /** How often it is renewed; four times while it lasts when not given: one renewal may fail, and it still holds. */
  beatMs?: number
  /** What whoever works under it hears when it is lost. */
  lost: () => Error
  /** Called when somebody waits for it, with each renewal until it is let go. */
  wanted?: () => void
}
export interface Keeping extends LeaseTerms {
  renew: () => Promise<Renewal>
  /** When it was asked for, by the clock of this machine. */
  askedAtMs: number
}
export interface KeptLease {
  /** Aborts when somebody else may hold it: whoever works under it stops. */
  signal: AbortSignal
  /** Renews no more. It lapses, or is given back by whoever holds it. */
  stop(): Promise<void>
}

/** Who could not renew for so much of it stops: a clock may go wrong a little, and stopping takes its time. */
const trusted = 0.8

/**
 * Holds on to a lease. A server that stood still, or that could not reach the database, finds out by the time that passed
 * before it hears so from the database.
 */
export function keepLease({ renew, askedAtMs, leaseMs, beatMs = leaseMs / 4, lost, wanted }: Keeping): KeptLease {
  const ended = new AbortController()
  // Not the clock of the process: that one stands still while the machine sleeps.
  let renewedAt = askedAtMs
  let lastAskedAt = askedAtMs
  let renewing: Promise<void> | null = null

  const lose = () => {
    clearInterval(timer)
    ended.abort(lost())
  }
  const ask = async () => {
    lastAskedAt = Date.now()
    const startedAt = lastAskedAt
    const answer = await renew().catch(() => null) // the database may be back in time
    renewing = null
    if (answer === 'lost') return lose()
    if (answer !== null) renewedAt = startedAt
    if (answer === 'wanted') wanted?.()
  }
  const look = () => {
    if (Date.now() - renewedAt > leaseMs * trusted) lose()
    else if (Date.now() - lastAskedAt >= beatMs) renewing ??= ask()
  }
  // More often than it renews: silence is noticed in time.
  const timer = setInterval(look, beatMs / 4)

  return {
    signal: ended.signal,
    async stop() {
      clearInterval(timer)
      await renewing
    },
  }
}
