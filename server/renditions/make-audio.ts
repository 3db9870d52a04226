import { stat } from 'node:fs/promises'
import { type Source, supervision } from './source.ts'

/** What recognisers listen to. */
export const samplesPerSecond = 16_000
const bytesPerSecond = 2 * samplesPerSecond

/** ffmpeg takes the first packet of the streams in use for the beginning of these: without its picture, late sound would seem to be on time. */
const startWithFirstPacket = ['mpegts', 'mpeg']

/**
 * Writes the sound as 16 kHz mono WAV to `target`, beginning when the film begins: where the sound starts late or has
 * gaps, silence is put in, so that times found in it hold in the film. Answers its duration in seconds.
 */
export async function makeAudio(source: Source, target: string): Promise<number> {
  const { ffmpeg, path, record } = source
  const filter = `aresample=${samplesPerSecond}:async=1:first_pts=0`
  const options = ['-map', `0:${record.audioStream}`, '-af', filter, '-ac', '1', '-c:a', 'pcm_s16le', '-f', 'wav']
  const picture = record.videoStream !== null && startWithFirstPacket.includes(record.container)
  const unused = picture
    ? [{ path: '-', options: ['-map', `0:${record.videoStream}`, '-c', 'copy', '-f', 'null'] }]
    : []
  await ffmpeg.run({ inputs: [{ path }], outputs: [{ path: target, options }, ...unused] }, supervision(source))
  return Math.floor(((await stat(target)).size / bytesPerSecond) * 1000) / 1000
}
