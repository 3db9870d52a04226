import { stat } from 'node:fs/promises'
import { keepInUse, sampleRate, soundInTime } from '../media/index.ts'
import { type Source, supervision } from './source.ts'

const bytesPerSecond = 2 * sampleRate

/**
 * Writes the sound as 16 kHz mono WAV to `target`, beginning when the film begins: where the sound starts late or has
 * gaps, silence is put in, so that times found in it hold in the film. Answers its duration in seconds.
 */
export async function makeAudio(source: Source, target: string): Promise<number> {
  const { ffmpeg, path, record } = source
  const options = [
    ...['-map', `0:${record.audioStream}`, '-af', soundInTime(sampleRate)],
    ...['-ac', '1', '-c:a', 'pcm_s16le', '-f', 'wav'],
  ]
  const outputs = [{ path: target, options }, ...keepInUse(record.container, record.videoStream)]
  await ffmpeg.run({ inputs: [{ path }], outputs }, supervision(source))
  return Math.floor(((await stat(target)).size / bytesPerSecond) * 1000) / 1000
}
