const windowMs = 4000

/** Bytes a second over the last four seconds: quick to follow, slow to twitch. */
export function createSpeedometer(now: () => number = () => performance.now()) {
  const samples: { at: number; bytes: number }[] = []
  return (bytes: number): number => {
    const at = now()
    samples.push({ at, bytes })
    while (samples.length > 2 && (samples[0]?.at ?? at) < at - windowMs) samples.shift()
    const first = samples[0]
    if (!first || at <= first.at) return 0
    return ((bytes - first.bytes) * 1000) / (at - first.at)
  }
}
