import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encodeWav } from '../../server/media/index.ts'
import type { HeardSegment, SpeechEngine, SpeechInput } from '../../server/transcripts/engine.ts'

const run = promisify(execFile)

export async function openFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Has a sentence spoken by a synthetic voice. Samples at 16 kHz. */
export async function speak(text: string): Promise<Int16Array> {
  await using folder = await openFolder()
  const path = join(folder.path, 'speech.raw')
  const source = ['-f', 'lavfi', '-i', `flite=text='${text}':voice=slt`]
  await run('ffmpeg', ['-v', 'error', ...source, '-ac', '1', '-ar', '16000', '-f', 's16le', path])
  const bytes = await readFile(path)
  return new Int16Array(new Uint8Array(bytes).buffer)
}

export const silence = (seconds: number): Int16Array => new Int16Array(seconds * 16_000)

/** Writes the pieces one after the other as `audio.wav`. */
export async function writeAudio(folder: string, pieces: readonly Int16Array[]): Promise<SpeechInput> {
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let offset = 0
  for (const piece of pieces) {
    samples.set(piece, offset)
    offset += piece.length
  }
  const audioPath = join(folder, 'audio.wav')
  await writeFile(audioPath, encodeWav(samples))
  return { audioPath, durationSeconds: samples.length / 16_000 }
}

/** Runs an engine to its end and gives what it said. */
export async function listen(engine: SpeechEngine, input: SpeechInput, signal = new AbortController().signal) {
  const groups: HeardSegment[][] = []
  const percents: number[] = []
  const result = await engine.transcribe(input, {
    signal,
    onSegments: async group => void groups.push(group),
    onProgress: percent => percents.push(percent),
  })
  const segments = groups.flat()
  return { ...result, groups, percents, segments, words: segments.flatMap(segment => segment.words) }
}
