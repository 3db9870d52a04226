/** Where a film is to be, or is. */
export interface Place {
  atSeconds: number
  /** 1 is normal speed. */
  rate: number
}

/** What brings a playing film to where it is to be. */
export type Correction = { type: 'nothing' } | { type: 'rate'; rate: number } | { type: 'seek'; toSeconds: number }

/** Nobody sees or hears this. */
const nearSeconds = 0.04
/** Further off than this is jumped. */
export const farSeconds = 1
/** How much faster or slower a film may run without disturbing. */
const mostNudge = 0.08
/** In so long a small difference is made up. */
const makeUpSeconds = 2

/** `seekFrom`: differences from here on are jumped, others made up by running a little faster or slower. */
export function correction(expected: Place, actual: Place, seekFrom = farSeconds): Correction {
  const behind = expected.atSeconds - actual.atSeconds
  if (Math.abs(behind) >= seekFrom) return { type: 'seek', toSeconds: expected.atSeconds }
  // In whole hundredths: a speed that changes with every look is heard.
  const wanted = Math.round((behind / makeUpSeconds) * 100) / 100
  const nudge = Math.abs(behind) < nearSeconds ? 0 : Math.max(-mostNudge, Math.min(mostNudge, wanted))
  const rate = expected.rate * (1 + nudge)
  return Math.abs(rate - actual.rate) < 0.001 ? { type: 'nothing' } : { type: 'rate', rate }
}
