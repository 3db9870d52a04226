import { asPicture, cutPicture, fitWidth } from '../media/index.ts'
import { AppError } from '../platform/errors.ts'
import type { VideoRecord } from '../videos/index.ts'
import type { RenditionOptions } from './options.ts'

/** What may be asked for; anything between is rounded up, so that nobody can have a thousand sizes made. */
const widths = [160, 320, 640, 1280] as const
const tenthsASecond = 10
/** Pictures of one video that are kept. */
const places = 200
const mostRunning = 2
const mostWaiting = 20

export interface PictureRequest {
  atSeconds: number
  width: number | undefined
}

/** A picture that is in the cache. */
export interface CachedPicture {
  key: string
  /** Differs for each picture of a film. */
  name: string
}

type PictureCacheOptions = Pick<RenditionOptions, 'ffmpeg' | 'blobs'>

/**
 * Single frames, cut when they are asked for and kept. Each has its place by its time and size, and shares it with
 * others that it displaces: so their number is bounded without a list of them.
 */
export function createPictureCache({ ffmpeg, blobs }: PictureCacheOptions) {
  const underWay = new Map<string, Promise<void>>()
  const turns = createTurns()

  async function cut(record: VideoRecord, place: Place): Promise<void> {
    const { key, folder, atSeconds, width } = place
    const { video, videoStream: stream } = record
    if (stream === null) throw new AppError('thumbnail.not_ready', 'There is only sound in this film.')
    const filter = asPicture(fitWidth({ width: video.width ?? 2, height: video.height ?? 2 }, width))
    await blobs.removeAll(folder)
    const draft = await blobs.draft(key)
    try {
      const made = await blobs.withFile(record.blobs.original, path =>
        cutPicture(ffmpeg, { path, stream, filter, quality: 4, target: draft.path, atSeconds }, supervision),
      )
      if (!made) throw new AppError('thumbnail.not_ready', 'No picture can be read there.')
      await draft.commit()
    } finally {
      await draft.discard()
    }
  }

  /** One at a time in each place; who asks for what is being cut waits for that one. */
  async function ensure(record: VideoRecord, place: Place): Promise<void> {
    for (let other = underWay.get(place.folder); other; other = underWay.get(place.folder)) await other.catch(() => {}) // its own callers hear of it
    if (await blobs.stat(place.key)) return
    const busy = underWay.get(place.folder)
    if (busy) return ensure(record, place)
    const cutting = turns.take(() => cut(record, place)).finally(() => underWay.delete(place.folder))
    underWay.set(place.folder, cutting)
    await cutting
  }

  return {
    /** Throws `thumbnail.beyond_end`, `thumbnail.not_ready` where there is no picture, `server.busy`. */
    async picture(record: VideoRecord, request: PictureRequest): Promise<CachedPicture> {
      const { durationSeconds } = record.video
      if (request.atSeconds > durationSeconds)
        throw new AppError('thumbnail.beyond_end', `The film ends after ${durationSeconds} seconds.`)
      const place = placeOf(record, request)
      await ensure(record, place)
      return place
    },
  }
}
export type PictureCache = ReturnType<typeof createPictureCache>

/** Someone looks at an empty place until it is there. Who asked may go away: others may wait for the same one. */
const supervision = { timeoutSeconds: 30, pace: 'quick' } as const

interface Place extends CachedPicture {
  folder: string
  atSeconds: number
  /** In pixels; a smaller film keeps its own. */
  width: number
}

function placeOf({ video }: VideoRecord, { atSeconds, width: asked = 640 }: PictureRequest): Place {
  const width = widths.find(each => each >= asked) ?? 1280
  const tenths = Math.floor(atSeconds * tenthsASecond + 1e-6)
  const folder = `videos/${video.id}/pictures/${(tenths * widths.length + widths.indexOf(width)) % places}/`
  const name = `${tenths}-${width}`
  return { folder, name, key: `${folder}${name}.jpg`, atSeconds: tenths / tenthsASecond, width }
}

/** A few at once, a few more in line, and the rest are told to come back. */
function createTurns() {
  let running = 0
  const line: (() => void)[] = []
  return {
    async take<T>(work: () => Promise<T>): Promise<T> {
      if (line.length >= mostWaiting)
        throw new AppError('server.busy', 'Too many pictures are being cut. Try again in a moment.')
      if (running >= mostRunning) await new Promise<void>(resolve => line.push(resolve))
      else running++
      try {
        return await work()
      } finally {
        // Whoever is next takes over this one's turn.
        const next = line.shift()
        if (next) next()
        else running--
      }
    },
  }
}
