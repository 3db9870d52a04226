/** How long one value of loudness stands for. */
export const frameSeconds = 0.02
/** Quieter than this is silence in any film. */
const silenceDecibels = -55
/** Kept around speech, so that no soft beginning or end is cut off. */
const marginFrames = Math.round(0.2 / frameSeconds)
/** A silence of this length always ends a window: there is nothing to hear in it. */
const longSilenceFrames = Math.round(2 / frameSeconds)
/** Less sound than this is a click. */
const leastLoudFrames = Math.round(0.15 / frameSeconds)

/** Frames `from` to `to` (exclusive). */
export interface FrameSpan {
  from: number
  to: number
}

/**
 * Loudness (decibels, one value a frame) → the spans worth listening to, each at most `maxSeconds` long, cut where it is
 * quiet. Silence is left out: a recogniser given silence makes words up.
 */
export function findWindows(loudness: Float32Array, maxSeconds: number): FrameSpan[] {
  const threshold = silenceThreshold(loudness)
  const maxFrames = Math.floor(maxSeconds / frameSeconds)
  return soundingSpans(loudness, threshold)
    .map(span => ({
      from: Math.max(0, span.from - marginFrames),
      to: Math.min(loudness.length, span.to + marginFrames),
    }))
    .flatMap(span => cutToLength(loudness, span, maxFrames))
}

/** A little above the recording's own noise, which is what its quietest tenth holds. */
function silenceThreshold(loudness: Float32Array): number {
  const sorted = Float32Array.from(loudness).sort()
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? silenceDecibels
  return Math.max(silenceDecibels, at(0.1) + 0.15 * (at(0.95) - at(0.1)))
}

/** From the first loud frame to the last one before a long silence. */
function soundingSpans(loudness: Float32Array, threshold: number): FrameSpan[] {
  const spans: (FrameSpan & { loud: number })[] = []
  for (const [frame, level] of loudness.entries()) {
    if (level < threshold) continue
    const last = spans.at(-1)
    if (last && frame - last.to < longSilenceFrames) {
      last.to = frame + 1
      last.loud++
    } else {
      spans.push({ from: frame, to: frame + 1, loud: 1 })
    }
  }
  return spans.filter(span => span.loud >= leastLoudFrames)
}

/** Cuts in the quietest half second of each window's second half. */
function cutToLength(loudness: Float32Array, span: FrameSpan, maxFrames: number): FrameSpan[] {
  const windows: FrameSpan[] = []
  let from = span.from
  while (span.to - from > maxFrames) {
    const cut = quietestFrame(loudness, from + Math.floor(maxFrames / 2), from + maxFrames)
    windows.push({ from, to: cut })
    from = cut
  }
  return [...windows, { from, to: span.to }]
}

const hushFrames = Math.round(0.5 / frameSeconds)

function quietestFrame(loudness: Float32Array, from: number, to: number): number {
  let best = { frame: to, level: Number.POSITIVE_INFINITY }
  for (let start = from; start + hushFrames <= to; start++) {
    const level = loudness.subarray(start, start + hushFrames).reduce((sum, value) => sum + value, 0)
    if (level < best.level) best = { frame: start + hushFrames / 2, level }
  }
  return Math.floor(best.frame)
}
