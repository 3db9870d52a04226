/** Before that much is done nobody can say how long the rest takes. */
const tellingPercent = 5

/** At the pace so far; null while nobody can say. */
export const secondsLeft = (percent: number, elapsedMs: number): number | null =>
  percent < tellingPercent ? null : Math.round((elapsedMs * (100 - percent)) / percent / 1000)
