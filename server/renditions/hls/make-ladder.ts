import { keepInUse, type MediaFacts, type MediaStream, type ToneMapping } from '../../media/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { Source } from '../source.ts'
import { supervision } from '../source.ts'
import { copyPicture, copySound, encodeRungs, encodeSound } from './arguments.ts'
import { indexTrack } from './index-track.ts'
import type { Track } from './ladder.ts'
import { canCopyPicture, canCopySound, type Rung } from './plan.ts'

/** A file being made, and its name in the ladder. */
export interface Target {
  name: string
  path: string
}

const isMediaFault = (fault: unknown): fault is AppError => fault instanceof AppError && fault.code === 'media.failed'

export const pictureIn = ({ streams }: MediaFacts, index: number | null): MediaStream | null =>
  streams.find(stream => stream.index === index && stream.kind === 'video') ?? null

/** A segment longer than this keeps a player waiting, and its memory full. */
const longestCopiedSeconds = 12

/** The picture as it is, cut at its own keyframes; null where that can't be done, or would play badly. */
export async function makeCopy(source: Source, stream: MediaStream | null, target: Target): Promise<Track | null> {
  if (!stream || !canCopyPicture(stream)) return null
  const track = await attempt(source, copyPicture(stream.index), target)
  return track?.segments.some(({ seconds }) => seconds > longestCopiedSeconds) ? null : track
}

/** The sound for all rungs: copied when that leaves no gap. */
export async function makeSound(source: Source, stream: MediaStream, target: Target): Promise<Track | null> {
  const copied = canCopySound(stream) ? await attempt(source, copySound(stream.index), target) : null
  if (copied && isWhole(copied)) return copied
  return attempt(source, encodeSound(stream.index), target)
}

/** Sound that begins late, or whose segments are far from two seconds, has holes that a player would fall into. */
const isWhole = ({ startSeconds, segments }: Track): boolean =>
  startSeconds < 0.1 && segments.every(({ seconds }) => seconds < 2.2)

/** Some streams can be decoded but not copied: broken times, missing parameter sets. */
async function attempt(source: Source, options: string[], { name, path }: Target): Promise<Track | null> {
  try {
    const inputs = [{ path: source.path, options: ['-fflags', '+genpts'] }]
    await source.ffmpeg.run({ inputs, outputs: [{ path, options }] }, supervision({ ...source, report: () => {} }))
    return await indexTrack(path, name)
  } catch (fault) {
    if (isMediaFault(fault)) return null
    throw fault
  }
}

/** All encoded rungs, in one run. */
export async function makeRungs(
  source: Source,
  stream: MediaStream,
  targets: readonly { rung: Rung; path: string }[],
): Promise<void> {
  try {
    await encode(source, encodeRungs(stream, targets, 'zscale' satisfies ToneMapping))
  } catch (fault) {
    if (!isMediaFault(fault) || !/zscale/.test(fault.message)) throw fault
    // An ffmpeg without zimg: paler than it should be, and still to be seen.
    await encode(source, encodeRungs(stream, targets, 'plain'))
  }
}

async function encode(source: Source, outputs: ReturnType<typeof encodeRungs>): Promise<void> {
  const { record, path } = source
  const unused = keepInUse(record.container, record.audioStream)
  const inputs = [{ path, options: ['-fflags', '+genpts'] }]
  await source.ffmpeg.run({ inputs, outputs: [...outputs, ...unused] }, { ...supervision(source), pace: 'patient' })
}
