import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../platform/errors.ts'

export const sampleRate = 16_000
const bytesPerSample = 2

/** The speech audio, held open: one channel, 16 kHz, 16 bits. */
export interface WavFile extends AsyncDisposable {
  sampleCount: number
  /** Samples `from` to `to` (exclusive), little-endian. Shorter at the end of the file. */
  read(from: number, to: number): Promise<Int16Array>
}

/** Throws `media.failed` for a file that is not the WAV that speech engines are given. */
export async function openWav(path: string): Promise<WavFile> {
  const handle = await open(path)
  try {
    const { offset, sizeBytes } = await findSamples(handle)
    return {
      sampleCount: Math.floor(sizeBytes / bytesPerSample),
      async read(from, to) {
        const end = Math.min(to * bytesPerSample, sizeBytes)
        const bytes = Buffer.alloc(Math.max(0, end - from * bytesPerSample))
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset + from * bytesPerSample)
        return new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytesRead / bytesPerSample))
      },
      [Symbol.asyncDispose]: () => handle.close(),
    }
  } catch (fault) {
    await handle.close()
    throw fault
  }
}

/** Walks the chunks of the RIFF file to `data`, past `fmt ` which must say what we expect. */
async function findSamples(handle: FileHandle): Promise<{ offset: number; sizeBytes: number }> {
  const { size } = await handle.stat()
  let offset = 12
  let known = false
  for (let count = 0; count < 100 && offset + 8 <= size; count++) {
    const head = Buffer.alloc(24)
    await handle.read(head, 0, 24, offset)
    const name = head.toString('latin1', 0, 4)
    const length = head.readUInt32LE(4)
    if (name === 'fmt ')
      known = head.readUInt16LE(10) === 1 && head.readUInt32LE(12) === sampleRate && head.readUInt16LE(22) === 16
    // A streamed WAV does not know its length when its header is written: the file's end counts.
    if (name === 'data' && known) return { offset: offset + 8, sizeBytes: Math.min(length, size - offset - 8) }
    offset += 8 + length + (length % 2)
  }
  throw new AppError('media.failed', 'The speech audio is not a WAV file with one channel, 16 kHz, 16 bits.')
}

/** Samples as a WAV file of their own. */
export function encodeWav(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  const wav = Buffer.alloc(44 + data.length)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(36 + data.length, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(sampleRate, 24)
  wav.writeUInt32LE(sampleRate * bytesPerSample, 28)
  wav.writeUInt16LE(bytesPerSample, 32)
  wav.writeUInt16LE(8 * bytesPerSample, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(data.length, 40)
  data.copy(wav, 44)
  return wav
}
