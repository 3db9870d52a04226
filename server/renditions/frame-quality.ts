/** What ffmpeg's `signalstats` prints of a picture: brightness from 0 (black) to 255. */
export interface FrameStats {
  average: number
  /** A tenth of the picture is darker than this, and a tenth brighter than that. */
  low: number
  high: number
  darkest: number
  brightest: number
}

/** Reads the output of `signalstats,metadata=print`; null when no picture came. */
export function parseStats(printed: string): FrameStats | null {
  const value = (name: string) => Number(new RegExp(`signalstats\\.${name}=([\\d.]+)`).exec(printed)?.[1] ?? Number.NaN)
  const stats = {
    average: value('YAVG'),
    low: value('YLOW'),
    high: value('YHIGH'),
    darkest: value('YMIN'),
    brightest: value('YMAX'),
  }
  return Object.values(stats).some(Number.isNaN) ? null : stats
}

const dark = 45
const bright = 215

/** 0 for a black, white or flat picture, up to about 280 for one with strong contrast. */
export function qualityOf({ average, low, high, darkest, brightest }: FrameStats): number {
  const light = average < dark ? average / dark : average > bright ? (255 - average) / (255 - bright) : 1
  // Large differences count; small things on an empty page count a little.
  return (high - low + (brightest - darkest) / 4) * light
}

/** Such a picture is taken without looking at others. */
export const goodQuality = 60
