import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Word } from '../../../shared/index.ts'
import { encodeWav } from '../../media/index.ts'
import { AppError } from '../../platform/errors.ts'
import { type AudioWindow, audioWindows } from '../audio/listen.ts'
import type { SpeechEngine, SpeechOptions } from '../engine.ts'
import { segmentsFromWords } from '../segments/build-segments.ts'
import { plausibleWords, readWordLine } from './pocketsphinx-words.ts'
import { runTool } from './run-tool.ts'

export interface PocketsphinxOptions {
  /** Default: `pocketsphinx_continuous` on the PATH. */
  program?: string
}

/**
 * Each window is heard by a process of its own: what one makes of music can't run on for minutes, memory stays bounded,
 * and the room gets the text as it comes. Loading the model costs 0.3 s a window.
 */
const windowSeconds = 20
/** Clean speech takes a twentieth of its length, noise up to its whole. */
const timeoutSeconds = 10 * windowSeconds
const checkTimeoutSeconds = 30

/** CMU Pocketsphinx by its command-line tool: English, weak beside Whisper, but it runs anywhere without a download. */
export function createPocketsphinx({ program = 'pocketsphinx_continuous' }: PocketsphinxOptions = {}): SpeechEngine {
  let works = false

  async function listenTo(path: string, limits: { signal: AbortSignal; timeoutSeconds: number }): Promise<string> {
    const { exitCode, stdout, stderr } = await runTool([program, '-infile', path, '-time', 'yes'], limits)
    if (exitCode === 127)
      throw new AppError('media.failed', `There is no ${program} here (Debian: pocketsphinx, pocketsphinx-en-us).`)
    if (exitCode !== 0) throw new AppError('media.failed', `${program} failed: ${complaintOf(stderr)}`)
    return stdout
  }

  async function hear(window: AudioWindow, directory: string, signal: AbortSignal): Promise<Word[]> {
    const path = join(directory, 'window.wav')
    await writeFile(path, encodeWav(window.samples))
    const lines = (await listenTo(path, { signal, timeoutSeconds })).split('\n')
    return plausibleWords(lines.map(readWordLine).filter(word => word !== null)).map(word =>
      later(word, window.startSeconds),
    )
  }

  return {
    name: 'pocketsphinx',
    async check() {
      // An empty recording loads the model and all, in 0.3 s: if that works, it works from then on.
      if (!works)
        await listenTo('/dev/null', { signal: new AbortController().signal, timeoutSeconds: checkTimeoutSeconds })
      works = true
      return { available: true, reason: 'pocketsphinx is installed. It knows English only.' }
    },
    async transcribe({ audioPath, durationSeconds }, { signal, onSegments, onProgress }: SpeechOptions) {
      const directory = await mkdtemp(join(tmpdir(), 'rushes-speech-'))
      try {
        for await (const window of audioWindows(audioPath, windowSeconds, signal)) {
          const words = await hear(window, directory, signal)
          if (words.length > 0) await onSegments(segmentsFromWords(words))
          onProgress(Math.min(100, (100 * window.endSeconds) / durationSeconds))
        }
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
      return { language: 'en', engine: 'pocketsphinx' }
    },
  }
}

const later = (word: Word, seconds: number): Word => ({
  ...word,
  startSeconds: word.startSeconds + seconds,
  endSeconds: word.endSeconds + seconds,
})

/** Its last error among many lines of chatter. */
const complaintOf = (stderr: string): string =>
  stderr
    .split('\n')
    .findLast(line => /^(?:ERROR|FATAL)/.test(line))
    ?.slice(0, 300) ?? 'it did not say why.'
