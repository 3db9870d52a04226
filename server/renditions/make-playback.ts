import { asFilm, fitInto } from '../media/index.ts'
import { AppError } from '../platform/errors.ts'
import type { VideoRecord } from '../videos/index.ts'
import type { PlaybackPlan } from './playback-plan.ts'
import { type Source, supervision } from './source.ts'

/** Of the longer side. More is for the original, which can be had too. */
const longestSide = 1920
const keyframeEverySeconds = 2

/** Writes the playback copy, an MP4, to `target`. */
export async function makePlayback(source: Source, plan: PlaybackPlan, target: string): Promise<void> {
  try {
    await convert(source, plan, target)
  } catch (fault) {
    const copied = plan.picture === 'copy' || plan.sound === 'copy'
    if (!copied || !(fault instanceof AppError) || fault.code !== 'media.failed') throw fault
    // Some streams can be decoded but not copied: broken times, missing parameter sets. So decode them.
    await convert(source, { ...plan, picture: encoded(plan.picture), sound: encoded(plan.sound) }, target)
  }
}

const encoded = (treatment: PlaybackPlan['picture']): PlaybackPlan['picture'] =>
  treatment === 'none' ? 'none' : 'encode'

async function convert(source: Source, plan: PlaybackPlan, target: string): Promise<void> {
  const { record, path, ffmpeg } = source
  const options = [
    ...streamOptions(record.videoStream, plan.picture, { copy: ['-c:v', 'copy'], encode: pictureOptions(record) }),
    ...streamOptions(record.audioStream, plan.sound, { copy: ['-c:a', 'copy'], encode: soundOptions }),
    ...['-map_chapters', '-1', '-movflags', '+faststart', '-f', 'mp4'],
  ]
  // `genpts`: AVI and raw streams carry no presentation times, which an MP4 must have.
  const inputs = [{ path, options: ['-fflags', '+genpts'] }]
  await ffmpeg.run({ inputs, outputs: [{ path: target, options }] }, supervision(source))
}

function streamOptions(
  index: number | null,
  treatment: PlaybackPlan['picture'],
  how: { copy: string[]; encode: string[] },
): string[] {
  return index === null || treatment === 'none' ? [] : ['-map', `0:${index}`, ...how[treatment]]
}

const soundOptions = ['-c:a', 'aac', '-b:a', '160k', '-ac', '2']

/** Square pixels, upright (ffmpeg turns by itself), even sides, 8 bit 4:2:0, and a place to seek to every two seconds. */
function pictureOptions({ video }: VideoRecord): string[] {
  const size = fitInto({ width: video.width ?? 2, height: video.height ?? 2 }, longestSide)
  return [
    ...['-vf', asFilm(size)],
    ...['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'veryfast', '-crf', '20'],
    ...['-force_key_frames', `expr:gte(t,n_forced*${keyframeEverySeconds})`],
  ]
}
