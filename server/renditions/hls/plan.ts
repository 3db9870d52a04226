import { isHdr, type MediaStream, type Size } from '../../media/index.ts'
import type { VideoRecord } from '../../videos/index.ts'

export interface Rung {
  name: string
  size: Size
  /** Bits in a second that it may take, in thousands. */
  kilobits: number
}

/** Only what every HLS player shows as it is: upright, square pixels, progressive, 8 bit 4:2:0. */
export function canCopyPicture(stream: MediaStream): boolean {
  return (
    stream.codec === 'h264' &&
    ['yuv420p', 'yuvj420p'].includes(stream.pixelFormat ?? '') &&
    stream.rotation === 0 &&
    Math.abs(stream.sampleAspectRatio - 1) < 0.01 &&
    !stream.interlaced &&
    !isHdr(stream)
  )
}

/** Other sounds that HLS knows (MP3, AC-3) can't be played everywhere. */
export const canCopySound = ({ codec, profile, channels }: MediaStream): boolean =>
  codec === 'aac' && profile === 'LC' && channels !== null && channels <= 2

/** 5 Mbit/s at 1080 lines and 0.8 at 360, half as much again for fast films. */
const kilobitsOf = (lines: number, frameRate: number | null): number =>
  Math.round(5000 * (lines / 1080) ** 1.67 * ((frameRate ?? 0) > 40 ? 1.5 : 1))

/** A copy that takes more than this times the rung of its height leaves room for that rung. */
const wastes = 1.5

/**
 * The rungs to be encoded, best first: those up to the film's height (its shorter side, so that upright films get
 * them too). With a copy of the source that is no heavier than its own height would be, that height is there already.
 */
export function rungsOf({ video }: VideoRecord, wanted: readonly number[], copyBitRate: number | null): Rung[] {
  const { width, height, frameRate } = video
  if (width === null || height === null) return []
  const shorter = Math.min(width, height)
  const kilobits = (lines: number) => kilobitsOf(lines, frameRate)
  const fitting = wanted.filter(lines => lines <= shorter)
  const smallest = fitting.length === 0 && copyBitRate === null ? [shorter - (shorter % 2) || 2] : []
  const spared = copyBitRate !== null && copyBitRate <= wastes * 1000 * kilobits(shorter) ? shorter : null
  return [...fitting, ...smallest]
    .filter(lines => lines !== spared)
    .toSorted((a, b) => b - a)
    .map(lines => {
      const even = (side: number) => Math.max(2, 2 * Math.round((side * lines) / shorter / 2))
      const size = { width: even(width), height: even(height) }
      return { name: `${lines}p`, size, kilobits: kilobits(lines) }
    })
}
