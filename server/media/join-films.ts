import { asFilm, fitWithin, type Size } from './fit.ts'
import { soundInTime } from './sound-in-time.ts'

/** A film to be joined with others; each is one input, in the same order. */
export interface JoinedPart {
  /** As ffmpeg counts streams; `sound` is null for a film without, which is silent. */
  picture: number
  sound: number | null
  /** As it is shown. */
  size: Size
  seconds: number
}

export interface JoinedFilm {
  size: Size
  /** Frames a second. */
  frameRate: number
}

/** What the graph's two ends are called, for `-map`. */
export const joinedPicture = '[joined-picture]'
export const joinedSound = '[joined-sound]'

const samplesPerSecond = 48_000

/**
 * A graph (`-filter_complex`) that plays films one after the other: each as large as it can be in the common size, with
 * black beside it, and at the common rate. So that picture and sound stay in step, each takes exactly its `seconds`, to
 * the nearest frame of that rate: what is missing of the picture is its last frame, what is missing of the sound silence.
 */
export function joinFilms(parts: readonly JoinedPart[], film: JoinedFilm): string {
  const chains = parts.flatMap((part, at) => {
    const frames = framesOf(part, film)
    return [
      `[${at}:${part.picture}]${pictureOf(part, frames, film)}[p${at}]`,
      `${soundOf(part, at, frames / film.frameRate)}[s${at}]`,
    ]
  })
  const ends = parts.map((_, at) => `[p${at}][s${at}]`).join('')
  return [...chains, `${ends}concat=n=${parts.length}:v=1:a=1${joinedPicture}${joinedSound}`].join(';')
}

/** How long the joined film is. */
export const joinedSeconds = (parts: readonly JoinedPart[], film: JoinedFilm): number =>
  parts.reduce((sum, part) => sum + framesOf(part, film), 0) / film.frameRate

const framesOf = ({ seconds }: JoinedPart, { frameRate }: JoinedFilm): number =>
  Math.max(1, Math.round(seconds * frameRate))

const pictureOf = (part: JoinedPart, frames: number, { size, frameRate }: JoinedFilm): string =>
  [
    `fps=fps=${frameRate}:start_time=0`,
    asFilm(fitWithin(part.size, size)),
    `pad=${size.width}:${size.height}:-1:-1`,
    `tpad=stop=-1:stop_mode=clone,trim=end_frame=${frames}`,
  ].join(',')

function soundOf({ sound }: JoinedPart, at: number, seconds: number): string {
  const whole = `atrim=end=${seconds.toFixed(6)}`
  if (sound === null) return `anullsrc=r=${samplesPerSecond}:cl=stereo,${whole}`
  const format = 'aformat=sample_fmts=fltp:channel_layouts=stereo'
  return `[${at}:${sound}]${soundInTime(samplesPerSecond)},${format},apad,${whole}`
}
