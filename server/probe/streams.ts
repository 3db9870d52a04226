import type { MediaStream } from '../media/index.ts'
import type { SubtitleStream } from './inspection.ts'

/** The film among the pictures: not the cover, and not the track of stills that phones put beside it. */
export function chooseVideo(streams: readonly MediaStream[]): MediaStream | null {
  const films = streams.filter(stream => stream.kind === 'video' && !stream.attachedPicture)
  const known = films.filter(stream => stream.codec !== null && stream.width !== null && stream.height !== null)
  const fastest = Math.max(0, ...known.map(stream => stream.frameRate ?? 0))
  const lively = known.filter(stream => (stream.frameRate ?? 0) >= fastest / 4)
  return lively.find(stream => stream.default) ?? lively[0] ?? films[0] ?? null
}

export function chooseAudio(streams: readonly MediaStream[]): MediaStream | null {
  const sounds = streams.filter(stream => stream.kind === 'audio')
  const known = sounds.filter(stream => stream.codec !== null)
  return known.find(stream => stream.default) ?? known[0] ?? sounds[0] ?? null
}

const textCodecs = ['subrip', 'ass', 'mov_text', 'webvtt']

export const textSubtitles = (streams: readonly MediaStream[]): SubtitleStream[] =>
  streams.flatMap(({ kind, index, codec, language }) =>
    kind === 'subtitle' && codec !== null && textCodecs.includes(codec) ? [{ index, codec, language }] : [],
  )

/** Files without real times claim a thousand frames a second. */
const fastestCamera = 300

/** What a viewer sees of a stored picture: its size after pixel shape and rotation, and its frames a second. */
export function asShown({ width, height, sampleAspectRatio, rotation, frameRate }: MediaStream) {
  const wide = width === null ? null : Math.round(width * sampleAspectRatio)
  const upright = rotation % 180 === 0
  const believable = frameRate !== null && frameRate <= fastestCamera
  return {
    width: upright ? wide : height,
    height: upright ? height : wide,
    frameRate: believable ? Math.round(frameRate * 1000) / 1000 : null,
  }
}
