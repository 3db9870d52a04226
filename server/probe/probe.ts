import { open } from 'node:fs/promises'
import type { Ffmpeg, MediaFacts, MediaStream } from '../media/index.ts'
import { AppError } from '../platform/errors.ts'
import { containerOf, contentTypeOf } from './containers.ts'
import { decodes, type Source } from './decodes.ts'
import { checkDuration, durationOf } from './duration.ts'
import { readLayout } from './file-layout.ts'
import type { Inspection } from './inspection.ts'
import type { FileLayout } from './layout.ts'
import { refusal, unreadable } from './refusal.ts'
import { sniff } from './sniff.ts'
import { asShown, chooseAudio, chooseVideo, textSubtitles } from './streams.ts'

export interface ProbeOptions {
  ffmpeg: Ffmpeg
  limits: { maxDurationSeconds: number }
}

export interface Probe {
  /**
   * Tells by the first bytes (about 4 kB; all of a smaller file) what a file is. Throws `upload.unsupported_media` with
   * what it was taken for.
   */
  sniff(head: Uint8Array, filename: string): Promise<{ contentType: string }>
  /**
   * Everything that the file tells, and proof that a first picture or sound can be decoded. Throws
   * `upload.unsupported_media`, `video.too_long` or `media.timeout`.
   */
  inspect(path: string, options: { filename: string; signal?: AbortSignal }): Promise<Inspection>
}

const sniffedBytes = 4096

export function createProbe({ ffmpeg, limits }: ProbeOptions): Probe {
  return {
    sniff,
    async inspect(path, { filename, signal }) {
      const { contentType } = await sniff(await headOf(path), filename)
      const layout = await readLayout(path)
      if (layout.indexMissing) throw unreadable(contentType, 'its index (moov) is not there: it was probably cut off')
      const facts = await ffmpeg.probe(path, { ...(signal && { signal }) }).catch(fault => {
        throw fault instanceof AppError && fault.code === 'media.failed'
          ? unreadable(contentType, 'it could not be read', fault)
          : fault
      })
      const checked = await playable({ ffmpeg, path, signal }, facts, contentType)
      const streams = [checked.video, checked.audio].flatMap(stream => (stream ? [stream.index] : []))
      const durationSeconds = await durationOf({ ffmpeg, path, streams, facts, layout, signal })
      checkDuration(durationSeconds, limits.maxDurationSeconds)
      return describe({ ...checked, facts, layout, durationSeconds })
    },
  }
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0)
  return buffer.subarray(0, bytesRead)
}

interface Chosen {
  video: MediaStream | null
  audio: MediaStream | null
}

/** The streams that will be shown and heard. A film whose picture can't be decoded is refused, although it may sound. */
async function playable(source: Source, { streams }: MediaFacts, contentType: string): Promise<Chosen> {
  const video = chooseVideo(streams)
  const audio = chooseAudio(streams)
  if (!video && !audio) throw unreadable(contentType, 'there is neither picture nor sound in it')
  const [shows, sounds] = await Promise.all([video && decodes(source, video), audio && decodes(source, audio)])
  if (video && !shows) throw unreadable(contentType, `its picture (${codecOf(video)}) can't be decoded here`)
  if (!video && audio && !sounds) throw unreadable(contentType, `its sound (${codecOf(audio)}) can't be decoded here`)
  return { video, audio: sounds ? audio : null }
}

const codecOf = ({ codec, codecTag }: MediaStream): string => codec ?? codecTag ?? 'of an unknown codec'

/** A browser shows the length that the header tells; so much of a difference nobody notices. */
const toleranceSeconds = 0.5

/** Whether a browser that believes the header does right. */
function isFaultless({ audio, facts, durationSeconds }: Described): boolean {
  const tolerance = Math.max(toleranceSeconds, 0.02 * durationSeconds)
  const tellsLength = Math.abs((facts.durationSeconds ?? 0) - durationSeconds) <= tolerance
  return tellsLength && (audio !== null || facts.streams.every(({ kind }) => kind !== 'audio'))
}

interface Described extends Chosen {
  facts: MediaFacts
  layout: FileLayout
  durationSeconds: number
}

function describe(described: Described): Inspection {
  const { video, audio, facts, layout, durationSeconds } = described
  const container = containerOf(facts.formatName, layout.brand)
  if (!container) throw refusal(`a file of the format ${facts.formatName}`)
  return {
    durationSeconds,
    ...(video ? asShown(video) : { width: null, height: null, frameRate: null }),
    videoCodec: video?.codec ?? null,
    audioCodec: audio?.codec ?? null,
    contentType: contentTypeOf(container, video !== null),
    container,
    fastStart: layout.fastStart,
    faultless: isFaultless(described),
    videoStream: video?.index ?? null,
    audioStream: audio?.index ?? null,
    subtitleStreams: textSubtitles(facts.streams),
    pixelFormat: video?.pixelFormat ?? null,
  }
}
