import { type Source, supervision } from './source.ts'

/** What recognisers listen to. */
const samplesPerSecond = 16_000

/**
 * Writes the sound as 16 kHz mono WAV to `target`, beginning when the film begins: where the sound starts late or has
 * gaps, silence is put in, so that times found in it hold in the film. Answers its duration in seconds.
 */
export async function makeAudio(source: Source, target: string): Promise<number> {
  const { ffmpeg, path, record } = source
  const filter = `aresample=${samplesPerSecond}:async=1:first_pts=0`
  const options = ['-map', `0:${record.audioStream}`, '-af', filter, '-ac', '1', '-c:a', 'pcm_s16le', '-f', 'wav']
  const reached = await ffmpeg.run({ inputs: [{ path }], outputs: [{ path: target, options }] }, supervision(source))
  return reached.seconds
}
