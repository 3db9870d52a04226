import type { Waveform } from '../../shared/index.ts'
import { openWav, sampleRate } from '../media/index.ts'

const mostPeaks = 2000
/** How much is in memory at a time. */
const pieceSamples = 128 * 1024
const fullScale = 32_768

/** The peaks of the sound that `makeAudio` wrote, whatever its length, read once. */
export async function makeWaveform(path: string, signal: AbortSignal): Promise<Waveform> {
  await using wav = await openWav(path)
  const { sampleCount } = wav
  const samplesPerPeak = Math.max(1, Math.ceil(sampleCount / mostPeaks))
  const peaks = new Array<number>(Math.ceil(sampleCount / samplesPerPeak)).fill(0)
  for (let from = 0; from < sampleCount; from += pieceSamples) {
    signal.throwIfAborted()
    raise(peaks, { samples: await wav.read(from, from + pieceSamples), from, samplesPerPeak })
  }
  return {
    sampleRateHz: sampleRate,
    secondsPerPeak: samplesPerPeak / sampleRate,
    peaks: peaks.map(peak => Math.round((1000 * peak) / fullScale) / 1000),
  }
}

interface Piece {
  samples: Int16Array
  /** The place of the first in the whole. */
  from: number
  samplesPerPeak: number
}

function raise(peaks: number[], { samples, from, samplesPerPeak }: Piece): void {
  let at = Math.floor(from / samplesPerPeak)
  let left = (at + 1) * samplesPerPeak - from
  let peak = peaks[at] ?? 0
  for (const sample of samples) {
    if (left === 0) {
      peaks[at++] = peak
      peak = 0
      left = samplesPerPeak
    }
    const height = sample < 0 ? -sample : sample
    if (height > peak) peak = height
    left--
  }
  peaks[at] = peak
}
