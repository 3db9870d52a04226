import { readFile } from 'node:fs/promises'
import type { BlobStore } from '../../platform/blobs/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { Ffmpeg } from '../../platform/ffmpeg/index.ts'
import type { VideoRecord } from '../../videos/index.ts'
import type { SpeechEngine } from '../engine.ts'
import { type Captions, readCaptions } from '../formats/parse-captions.ts'
import { segmentsFromText } from '../segments/build-segments.ts'
import { languageCode } from './language-code.ts'

interface Subtitles extends Captions {
  engine: string
}

const maxBytes = 16 * 1024 * 1024
const timeoutSeconds = 15 * 60

/** The subtitles that were uploaded with this video, or else those that its file carries: the best transcript there is. */
export function createSubtitles(
  { blobs, ffmpeg }: { blobs: BlobStore; ffmpeg: Ffmpeg },
  record: VideoRecord,
): SpeechEngine {
  const { captions, original } = record.blobs
  const streams = record.subtitleStreams

  async function uploaded(key: string): Promise<Subtitles> {
    return { ...readCaptions(await blobs.withFile(key, path => readFile(path))), engine: 'subtitles uploaded' }
  }

  async function embedded(
    { index, language }: VideoRecord['subtitleStreams'][number],
    signal: AbortSignal,
  ): Promise<Subtitles> {
    const text = await blobs.withFile(original, path =>
      ffmpeg.capture(
        { inputs: [{ path }], options: ['-map', `0:${index}`, '-f', 'webvtt'], maxBytes },
        { signal, timeoutSeconds },
      ),
    )
    const found = readCaptions(new TextEncoder().encode(text))
    return { ...found, language: found.language ?? language, engine: 'subtitles embedded' }
  }

  /** The first that holds any text. */
  async function find(signal: AbortSignal): Promise<Subtitles> {
    if (captions !== null) return uploaded(captions)
    for (const stream of streams) {
      const found = await embedded(stream, signal)
      if (found.cues.length > 0) return found
    }
    throw new AppError('upload.unsupported_captions', 'They hold no text.')
  }

  return {
    name: 'subtitles',
    async check() {
      if (captions !== null) return { available: true, reason: 'Subtitles were uploaded with the video.' }
      return streams.length > 0
        ? { available: true, reason: 'The file carries subtitles.' }
        : { available: false, reason: 'The file carries no subtitles as text, and none were uploaded.' }
    },
    async transcribe(_input, { signal, onSegments, onProgress }) {
      const { cues, language, engine } = await find(signal)
      const segments = cues.flatMap(({ lines, speaker, startSeconds, endSeconds }) => {
        return segmentsFromText({
          startSeconds,
          endSeconds,
          text: lines.join(' '),
          ...(speaker === null ? {} : { speaker }),
        })
      })
      if (segments.length === 0) throw new AppError('upload.unsupported_captions', 'They hold no text.')
      await onSegments(segments)
      onProgress(100)
      return { language: languageCode(language), engine }
    },
  }
}
