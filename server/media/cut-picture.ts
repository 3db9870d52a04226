import { stat } from 'node:fs/promises'
import type { Ffmpeg, Supervision } from './ffmpeg/index.ts'

export interface PictureOrder {
  /** Of the film, as a local file. */
  path: string
  /** As ffmpeg counts them. */
  stream: number
  /** Such as `asPicture(size)`. */
  filter: string
  /** 2 is the best, 31 the worst. */
  quality: number
  target: string
}

/** A keyframe may lie before the place that was asked for, at a negative time: it must not be dropped for that. */
export const oneFrame: readonly string[] = ['-frames:v', '1', '-fps_mode', 'passthrough']
/** `quality`: 2 is the best, 31 the worst. */
export const jpeg = (quality: number): string[] => ['-c:v', 'mjpeg', '-q:v', String(quality), '-f', 'mjpeg']

/** Writes the first frame after `seek`, which stands before `-i`, as JPEG. The file is empty when there was none. */
export async function writePicture(
  ffmpeg: Ffmpeg,
  { path, stream, filter, quality, target, seek }: PictureOrder & { seek: readonly string[] },
  supervision: Supervision,
): Promise<void> {
  const options = ['-map', `0:${stream}`, ...oneFrame, '-vf', filter, ...jpeg(quality)]
  await ffmpeg.run({ inputs: [{ path, options: seek }], outputs: [{ path: target, options }] }, supervision)
}

/** The sound may go on after the last picture: then that one is shown, or one a little before it. */
const stepsBackSeconds = [0, 0.2, 1, 5]

/** Writes the frame shown at a second of the film as JPEG. Answers whether there was one. */
export async function cutPicture(
  ffmpeg: Ffmpeg,
  { atSeconds, ...order }: PictureOrder & { atSeconds: number },
  supervision: Supervision,
): Promise<boolean> {
  for (const back of stepsBackSeconds) {
    const at = Math.max(0, atSeconds - back)
    await writePicture(ffmpeg, { ...order, seek: ['-ss', at.toFixed(3)] }, supervision)
    if ((await stat(order.target)).size > 0) return true
    if (at === 0) break
  }
  return false
}
