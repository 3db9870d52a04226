import { readFile } from 'node:fs/promises'
import type { Ffmpeg } from '../../media/index.ts'
import type { BlobStore } from '../../platform/blobs/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { VideoRecord } from '../../videos/index.ts'
import type { HeardSegment, SpeechEngine } from '../engine.ts'
import type { Cue } from '../formats/cue.ts'
import { type Captions, readCaptions } from '../formats/parse-captions.ts'
import { segmentsFromText } from '../segments/build-segments.ts'
import { languageCode } from './language-code.ts'

interface Subtitles extends Captions {
  engine: string
}

export interface SubtitleSources {
  blobs: BlobStore
  ffmpeg: Ffmpeg
}

const maxBytes = 16 * 1024 * 1024
const timeoutSeconds = 15 * 60

/** The subtitles that were uploaded with this video, or else those that its file carries: the best transcript there is. */
export function createSubtitles(sources: SubtitleSources, record: VideoRecord): SpeechEngine {
  return {
    name: 'subtitles',
    async check() {
      if (record.blobs.captions !== null) return { available: true, reason: 'Subtitles were uploaded with the video.' }
      return record.subtitleStreams.length > 0
        ? { available: true, reason: 'The file carries subtitles.' }
        : { available: false, reason: 'The file carries no subtitles as text, and none were uploaded.' }
    },
    async transcribe(_input, { signal, onSegments, onProgress }) {
      signal.throwIfAborted()
      const { cues, language, engine } = await findSubtitles(sources, record, signal)
      signal.throwIfAborted()
      await onSegments(cues.flatMap(segmentsOf))
      onProgress(100)
      return { language: languageCode(language), engine }
    },
  }
}

const segmentsOf = ({ lines, speaker, startSeconds, endSeconds }: Cue): HeardSegment[] =>
  segmentsFromText({ startSeconds, endSeconds, text: lines.join(' '), ...(speaker === null ? {} : { speaker }) })

/** The uploaded ones, or the first in the file that hold any text. */
async function findSubtitles(sources: SubtitleSources, record: VideoRecord, signal: AbortSignal): Promise<Subtitles> {
  const { captions, original } = record.blobs
  if (captions !== null) {
    const found = readCaptions(await sources.blobs.withFile(captions, path => readFile(path)))
    if (found.cues.length > 0) return { ...found, engine: 'subtitles uploaded' }
  }
  for (const { index, language } of record.subtitleStreams) {
    const found = readCaptions(await capture(sources, { original, index, signal }))
    if (found.cues.length > 0) return { ...found, language: found.language ?? language, engine: 'subtitles embedded' }
  }
  throw new AppError('upload.unsupported_captions', 'They hold no text.')
}

/** A subtitle stream of the file, as WebVTT. */
async function capture(
  { blobs, ffmpeg }: SubtitleSources,
  from: { original: string; index: number; signal: AbortSignal },
): Promise<Uint8Array> {
  const options = ['-map', `0:${from.index}`, '-f', 'webvtt']
  const supervision = { signal: from.signal, timeoutSeconds }
  const text = await blobs.withFile(from.original, path =>
    ffmpeg.capture({ inputs: [{ path }], options, maxBytes }, supervision),
  )
  return new TextEncoder().encode(text)
}
