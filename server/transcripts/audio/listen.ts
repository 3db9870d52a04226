import { openWav, sampleRate, type WavFile } from '../../media/index.ts'
import { findWindows, frameSeconds } from './find-windows.ts'

/** A piece of the audio that is worth listening to. */
export interface AudioWindow {
  startSeconds: number
  endSeconds: number
  samples: Int16Array
}

const frameSamples = frameSeconds * sampleRate
/** Read at once while measuring: a minute. */
const blockSamples = 60 * sampleRate

/** The audio in windows of at most `maxSeconds`, cut where it is quiet, long silences left out. Reads as it is asked. */
export async function* audioWindows(
  path: string,
  maxSeconds: number,
  signal: AbortSignal,
): AsyncGenerator<AudioWindow> {
  await using wav = await openWav(path)
  const loudness = await measureLoudness(wav, signal)
  for (const { from, to } of findWindows(loudness, maxSeconds)) {
    signal.throwIfAborted()
    const samples = await wav.read(from * frameSamples, to * frameSamples)
    const startSeconds = from * frameSeconds
    yield { startSeconds, endSeconds: startSeconds + samples.length / sampleRate, samples }
  }
}

/** Decibels below full scale, one value every 20 ms. */
async function measureLoudness(wav: WavFile, signal: AbortSignal): Promise<Float32Array> {
  const loudness = new Float32Array(Math.ceil(wav.sampleCount / frameSamples))
  for (let from = 0; from < wav.sampleCount; from += blockSamples) {
    signal.throwIfAborted()
    const block = await wav.read(from, from + blockSamples)
    for (let start = 0; start < block.length; start += frameSamples) {
      loudness[(from + start) / frameSamples] = decibels(block.subarray(start, start + frameSamples))
    }
  }
  return loudness
}

function decibels(samples: Int16Array): number {
  let energy = 0
  for (const sample of samples) energy += sample * sample
  return 10 * Math.log10(energy / Math.max(1, samples.length) / 32768 ** 2 + 1e-10)
}
