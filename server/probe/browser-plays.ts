import type { Inspection } from './inspection.ts'

/** What decides whether a browser plays a film: a part of an `Inspection`, and of a video's record. */
export type Playing = Pick<Inspection, 'videoCodec' | 'audioCodec' | 'pixelFormat'> & { container: string }

const eightBit = ['yuv420p', 'yuvj420p']
const upToTenBit = [...eightBit, 'yuv420p10le', 'yuva420p']

/** Pixel formats that browsers decode, by codec. HEVC is left out: it plays on some machines only. */
const pixelFormats = new Map<string, readonly string[]>([
  ['h264', eightBit],
  ['vp8', upToTenBit],
  ['vp9', upToTenBit],
  ['av1', upToTenBit],
])

const plain = ['pcm_s16le', 'pcm_u8', 'pcm_s24le', 'pcm_f32le']

/** Codecs that every current browser plays, by container. */
const codecs = new Map<string, { video: readonly string[]; audio: readonly string[] }>([
  ['mp4', { video: ['h264', 'av1', 'vp9'], audio: ['aac', 'mp3', 'opus'] }],
  ['mov', { video: ['h264'], audio: ['aac', 'mp3'] }],
  ['webm', { video: ['vp8', 'vp9', 'av1'], audio: ['opus', 'vorbis'] }],
  ['mp3', { video: [], audio: ['mp3'] }],
  ['aac', { video: [], audio: ['aac'] }],
  ['wav', { video: [], audio: plain }],
  ['flac', { video: [], audio: ['flac'] }],
  ['ogg', { video: [], audio: ['opus', 'vorbis', 'flac'] }],
])

/** Whether browsers decode this picture, whatever it is wrapped in. */
export const pictureIsKnown = (codec: string, pixelFormat: string | null): boolean =>
  pixelFormats.get(codec)?.includes(pixelFormat ?? '') ?? false

/** A browser can play these bytes as they are, be it after a while because the index comes last. */
export function browserPlays({ container, videoCodec, audioCodec, pixelFormat }: Playing): boolean {
  const known = codecs.get(container)
  if (!known || (videoCodec === null && audioCodec === null)) return false
  if (audioCodec !== null && !known.audio.includes(audioCodec)) return false
  return videoCodec === null || (known.video.includes(videoCodec) && pictureIsKnown(videoCodec, pixelFormat))
}
