import type { Ffmpeg, MediaOutput, Supervision } from './ffmpeg/index.ts'

/**
 * What someone wants of a film's frames. Each part gets the whole frames and makes them small itself; several parts
 * share one decode, which costs far more than what they do.
 */
export interface FramePart {
  /** An ffmpeg filter graph with one open input and one open output. Labels within it begin with the part's name. */
  graph: string
  /** A file that it writes. Without one, what it prints (`metadata=print:key=…:file=-`) is all that is kept. */
  writes?: MediaOutput
}

/** A line that a part printed: one value of one frame. Parts tell theirs by the key. */
export interface Printed {
  key: string
  value: string
  /** Counted from 0 where it was printed. */
  frame: number
  /** From the beginning of the film. */
  atSeconds: number
}

export interface Reading {
  ffmpeg: Ffmpeg
  path: string
  /** As ffmpeg counts them. */
  videoStream: number
  /** What stands before `-i`. */
  decode: readonly string[]
  parts: readonly FramePart[]
}

/** An hour in which every frame says something. */
const maxPrintedBytes = 32 * 2 ** 20

/**
 * Without the smoothing of block edges, which nobody sees in small pictures, decoding H.264, HEVC and VP9 is 5 to 15 %
 * cheaper.
 */
export const everyFrame: readonly string[] = ['-skip_loop_filter', 'all']
export const keyframesOnly: readonly string[] = ['-skip_frame', 'nokey']

/** Decodes a film once for all parts. Answers what they printed, in the order of each part's frames. */
export async function readFrames(reading: Reading, supervision: Supervision): Promise<Printed[]> {
  const { ffmpeg, path, videoStream, decode, parts } = reading
  const inputs = parts.map((_, at) => `[in${at}]`).join('')
  const onlyFiles = parts.every(part => part.writes)
  const chains = parts.map(
    ({ graph }, at) => `[in${at}]${graph}${onlyFiles && at === 0 ? ',split[seen]' : ''}[out${at}]`,
  )
  const graph = [`[0:${videoStream}]split=${parts.length}${inputs}`, ...chains].join(';')
  const beside = parts.flatMap(({ writes }, at) =>
    writes ? [{ path: writes.path, options: ['-map', `[out${at}]`, ...writes.options] }] : [],
  )
  const silent = parts.flatMap(({ writes }, at) => (writes ? [] : ['-map', `[out${at}]`]))
  const [first, ...others] = beside
  // Printing needs an output; where all parts write files it is a picture of the first, thrown away.
  const nothing = ['-fps_mode', 'passthrough', '-f', 'null']
  const options = onlyFiles ? ['-map', '[seen]', '-frames:v', '1', ...nothing] : [...silent, ...nothing]
  const whole = ['-filter_complex', graph]
  const printed = await ffmpeg.capture(
    {
      inputs: [{ path, options: decode }],
      // A graph belongs to the first output's options; what comes later uses its ends.
      ...(first
        ? { beside: [{ ...first, options: [...whole, ...first.options] }, ...others], options }
        : { options: [...whole, ...options] }),
      maxBytes: maxPrintedBytes,
    },
    supervision,
  )
  return parsePrinted(printed)
}

/** `metadata=print` gives a line for the frame, and one for each key. */
export function parsePrinted(text: string): Printed[] {
  const printed: Printed[] = []
  let [frame, atSeconds] = [0, 0]
  for (const line of text.split('\n')) {
    const head = /^frame:(\d+)\s+pts:\S+\s+pts_time:(\S+)/.exec(line)
    if (head) [frame, atSeconds] = [Number(head[1]), Math.max(0, Number(head[2]) || 0)]
    const equals = line.indexOf('=')
    if (!head && equals > 0)
      printed.push({ key: line.slice(0, equals), value: line.slice(equals + 1), frame, atSeconds })
  }
  return printed
}
