import type { Container } from './containers.ts'

export interface SubtitleStream {
  /** As ffmpeg counts the streams: `-map 0:<index>`. */
  index: number
  /** `subrip`, `ass`, `mov_text` or `webvtt`: text, never pictures. */
  codec: string
  /** As the file says (ISO 639), null where it doesn't. */
  language: string | null
}

/** What a film is, as far as its file tells. */
export interface Inspection {
  durationSeconds: number
  /** Pixels as shown: rotation and pixel shape applied. Null when there is only sound. */
  width: number | null
  height: number | null
  /** Average, to three decimals; null when there is only sound, or the file tells nonsense. */
  frameRate: number | null
  videoCodec: string | null
  audioCodec: string | null
  /** MIME type. */
  contentType: string
  container: Container
  /** The index (`moov`) of an MP4 lies before its frames. True for containers that have none. */
  fastStart: boolean
  /** What its header says is so: how long it is, and no sound in it that can't be heard. */
  faultless: boolean
  /** Indexes of the chosen streams, as ffmpeg counts them. */
  videoStream: number | null
  audioStream: number | null
  subtitleStreams: SubtitleStream[]
  pixelFormat: string | null
}
