import { type FileHandle, open } from 'node:fs/promises'
import type { Waveform } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import { samplesPerSecond } from './make-audio.ts'

const bytesPerSample = 2
const mostPeaks = 2000
/** How much is in memory at a time. */
const pieceBytes = 256 * 1024
const fullScale = 32_768

/** The peaks of the sound that `makeAudio` wrote, whatever its length, read once. */
export async function makeWaveform(path: string, signal: AbortSignal): Promise<Waveform> {
  await using handle = await open(path)
  const start = await findSamples(handle)
  const sampleCount = Math.floor(((await handle.stat()).size - start) / bytesPerSample)
  const samplesPerPeak = Math.max(1, Math.ceil(sampleCount / mostPeaks))
  const peaks = new Array<number>(Math.ceil(sampleCount / samplesPerPeak)).fill(0)
  const piece = Buffer.alloc(pieceBytes)
  for (let done = 0; done < sampleCount; ) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(piece, 0, pieceBytes, start + done * bytesPerSample)
    const count = Math.floor(bytesRead / bytesPerSample)
    if (count === 0) break
    raise(peaks, { samples: new Int16Array(piece.buffer, piece.byteOffset, count), from: done, samplesPerPeak })
    done += count
  }
  return {
    sampleRateHz: samplesPerSecond,
    secondsPerPeak: samplesPerPeak / samplesPerSecond,
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

/** Where the samples begin: ffmpeg writes other chunks before `data`. */
async function findSamples(handle: FileHandle): Promise<number> {
  const head = Buffer.alloc(8)
  for (let offset = 12, chunks = 0; chunks < 20; chunks++) {
    const { bytesRead } = await handle.read(head, 0, 8, offset)
    if (bytesRead < 8) break
    if (head.toString('latin1', 0, 4) === 'data') return offset + 8
    const length = head.readUInt32LE(4)
    offset += 8 + length + (length % 2)
  }
  throw new AppError('media.failed', 'The sound has no samples in it.')
}
