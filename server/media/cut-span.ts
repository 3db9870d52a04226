import { isStreamed, soundInTime } from './sound-in-time.ts'

/** Of a film, in seconds from its beginning. */
export interface Span {
  startSeconds: number
  endSeconds: number
}

/** A span, as options of an input and as filters, to stand first in the chains of its picture and of its sound. */
export interface SpanCut {
  /** What stands before `-i`. */
  input: string[]
  picture: string
  sound: string
}

/** People's times are rounded, and so are those of some files. */
const roundingSeconds = 0.002
const soundSamplesPerSecond = 48_000

/** Without an index, a place is only found roughly: so far before it, there has been a keyframe. */
const leadSeconds = 10

export interface CutFilm {
  /** In frames a second; null where the file tells nonsense. */
  frameRate: number | null
  container: string
}

/**
 * The span to the frame, which wants picture and sound to be encoded anew. It begins with the frame that is shown at its
 * start, even when that one came a little before, and ends with the last one that comes before its end; a frame within
 * two milliseconds of either is taken for the one that was meant. The sound is exact to the sample, with silence where
 * there is none. Where frames come at no steady rate, the picture may begin with the next one.
 * In MPEG-TS and MPEG-PS picture and sound must both be in use (`keepInUse`), or times count from another beginning.
 */
export function cutSpan({ startSeconds, endSeconds }: Span, { frameRate, container }: CutFilm): SpanCut {
  const frameSeconds = frameRate === null ? 0 : 1 / frameRate
  const fromSeconds = Math.max(0, startSeconds - Math.max(0, frameSeconds - roundingSeconds))
  // ffmpeg drops what comes before, and counts from 0 there.
  const originSeconds = isStreamed(container) ? Math.max(0, fromSeconds - leadSeconds) : fromSeconds
  const after = (seconds: number) => (seconds - originSeconds).toFixed(6)
  const begins = `${after(startSeconds)}/TB`
  return {
    input: ['-ss', originSeconds.toFixed(6)],
    picture: [
      `trim=start=${after(fromSeconds)}:end=${after(endSeconds - roundingSeconds)}`,
      `setpts='max(0,round(PTS-${begins}))'`,
    ].join(','),
    sound: [
      `asetpts=PTS-${begins},${soundInTime(soundSamplesPerSecond)}`,
      `atrim=end=${(endSeconds - startSeconds).toFixed(6)}`,
    ].join(','),
  }
}

/**
 * The span as it is stored, which takes no time: it begins with the keyframe that its start falls after, so up to some
 * seconds early, or with one before that, in containers that find keyframes by decoding times; in MPEG-TS and MPEG-PS it
 * may begin late. It ends exactly, or a few frames late where frames are stored in another order than they are shown.
 */
export const copySpan = ({ startSeconds, endSeconds }: Span): { input: string[]; output: string[] } => ({
  input: ['-ss', startSeconds.toFixed(6), '-to', endSeconds.toFixed(6)],
  output: ['-c', 'copy', '-avoid_negative_ts', 'make_zero'],
})
