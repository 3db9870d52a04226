import { asPicture, fitInto, oneFrame, writePicture } from '../media/index.ts'
import { goodQuality, parseStats, qualityOf } from './frame-quality.ts'
import type { Source } from './source.ts'

/** Of the longer side. */
const longestSide = 1280
const stepTimeoutSeconds = 60

/** A place in the film to take a picture from. */
interface Spot {
  atSeconds: number
  /** The nearest keyframe before it, which is cheap to decode; else the very frame. */
  keyframe: boolean
}

/** Past the titles, not yet the end; the likeliest first. */
const parts = [0.1, 0.25, 0.5, 0.75, 0.05]

/** Writes a JPEG to `target`. Answers whether there was a picture to take. */
export async function makeThumbnail(source: Source, target: string): Promise<boolean> {
  const { record, report } = source
  if (record.videoStream === null) return writeCover(source, target)
  const spot = await findSpot(source)
  report(80)
  const size = { width: record.video.width ?? 2, height: record.video.height ?? 2 }
  await write(source, {
    seek: seek(spot),
    stream: record.videoStream,
    filter: asPicture(fitInto(size, longestSide)),
    target,
  })
  return true
}

/** The first good picture, else the best: keyframes first, and single frames where those show nothing. */
async function findSpot(source: Source): Promise<Spot> {
  const { durationSeconds } = source.record.video
  let best: Spot = { atSeconds: durationSeconds / 2, keyframe: false }
  let bestQuality = 1
  for (const keyframe of [true, false]) {
    const seen = new Set<string>()
    for (const part of parts) {
      const spot = { atSeconds: durationSeconds * part, keyframe }
      const printed = await look(source, spot)
      // A short film has one keyframe: looking at it five times tells nothing new.
      if (keyframe && seen.has(printed)) break
      seen.add(printed)
      const stats = parseStats(printed)
      const quality = stats ? qualityOf(stats) : 0
      if (quality > bestQuality) [best, bestQuality] = [spot, quality]
      if (quality >= goodQuality) return spot
    }
  }
  return bestQuality > 1 ? best : lastResort(source, best)
}

/** In a film that is black throughout, the middle; where the middle can't be decoded, the first frame. */
async function lastResort(source: Source, middle: Spot): Promise<Spot> {
  return parseStats(await look(source, middle)) ? middle : { atSeconds: 0, keyframe: false }
}

const seek = ({ atSeconds, keyframe }: Spot): string[] => [
  ...(keyframe ? ['-skip_frame', 'nokey', '-noaccurate_seek'] : []),
  ...['-ss', atSeconds.toFixed(3)],
]

/** Measures one picture, made small. */
async function look({ ffmpeg, path, record, signal }: Source, spot: Spot): Promise<string> {
  const measure = 'scale=160:90,format=yuv420p,signalstats,metadata=print:file=-'
  const options = ['-map', `0:${record.videoStream}`, ...oneFrame, '-vf', measure, '-f', 'null']
  const printed = await ffmpeg.capture(
    { inputs: [{ path, options: seek(spot) }], options },
    { signal, timeoutSeconds: stepTimeoutSeconds },
  )
  return printed.slice(printed.indexOf('\n'))
}

async function writeCover(source: Source, target: string): Promise<boolean> {
  const { streams } = await source.ffmpeg.probe(source.path, { signal: source.signal })
  const cover = streams.find(stream => stream.attachedPicture && stream.codec !== null)
  if (!cover) return false
  const size = { width: cover.width ?? longestSide, height: cover.height ?? longestSide }
  const filter = asPicture(fitInto(size, longestSide), { square: false })
  await write(source, { seek: [], stream: cover.index, filter, target })
  return true
}

interface Picture {
  seek: readonly string[]
  stream: number
  filter: string
  target: string
}

const write = ({ ffmpeg, path, signal, timeoutSeconds }: Source, picture: Picture): Promise<void> =>
  writePicture(ffmpeg, { path, ...picture, quality: 3 }, { signal, timeoutSeconds })
