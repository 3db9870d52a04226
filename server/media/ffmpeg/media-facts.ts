import { z } from 'zod'
import { AppError } from '../../platform/errors.ts'

export interface MediaStream {
  /** As ffmpeg counts them: `-map 0:<index>`. */
  index: number
  kind: 'video' | 'audio' | 'subtitle' | 'other'
  /** Null for one that this ffmpeg doesn't know. */
  codec: string | null
  /** The container's own name for the codec, such as `avc1`. */
  codecTag: string | null
  profile: string | null
  /** As stored; null for what is no picture. */
  width: number | null
  height: number | null
  /** Degrees clockwise by which a player turns the stored picture: 0, 90, 180 or 270. */
  rotation: number
  /** Width of one pixel by its height. */
  sampleAspectRatio: number
  /** Average, in frames a second. */
  frameRate: number | null
  pixelFormat: string | null
  /** Transfer function: `smpte2084` and `arib-std-b67` are HDR. */
  colorTransfer: string | null
  /** Flagged as made of half pictures. */
  interlaced: boolean
  /** A cover, not a film. */
  attachedPicture: boolean
  default: boolean
  channels: number | null
  /** ISO 639 as the file says; null where it says nothing or `und`. */
  language: string | null
  startSeconds: number | null
  durationSeconds: number | null
}

export interface MediaFacts {
  /** ffmpeg's demuxer, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  formatName: string
  /** As the header says; null where it says nothing. */
  durationSeconds: number | null
  startSeconds: number | null
  streams: MediaStream[]
}

const numeric = z.coerce.number().nullable().catch(null)
const Stream = z.object({
  index: z.number().int(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  codec_tag_string: z.string().optional(),
  profile: z.coerce.string().optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  pix_fmt: z.string().optional(),
  color_transfer: z.string().optional(),
  field_order: z.string().optional(),
  channels: z.number().int().optional(),
  start_time: numeric.optional(),
  duration: numeric.optional(),
  disposition: z.object({ attached_pic: z.number().optional(), default: z.number().optional() }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
})
const Report = z.object({
  format: z.object({ format_name: z.string(), duration: numeric.optional(), start_time: numeric.optional() }),
  streams: z.array(Stream).max(1000).default([]),
})

/** Reads what ffprobe printed. Throws `media.failed` for what is not its JSON. */
export function parseFacts(text: string): MediaFacts {
  const report = Report.safeParse(parseJson(text))
  if (!report.success) throw new AppError('media.failed', 'The film could not be examined.', { cause: report.error })
  const { format, streams } = report.data
  return {
    formatName: format.format_name,
    durationSeconds: format.duration ?? null,
    startSeconds: format.start_time ?? null,
    streams: streams.map(toStream),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Judged by the schema, like every other answer that is not what it should be.
    return null
  }
}

const kinds = ['video', 'audio', 'subtitle'] as const

function toStream(stream: z.infer<typeof Stream>): MediaStream {
  const language = stream.tags?.language ?? stream.tags?.LANGUAGE
  return {
    index: stream.index,
    kind: kinds.find(kind => kind === stream.codec_type) ?? 'other',
    codec: stream.codec_name === 'unknown' ? null : (stream.codec_name ?? null),
    codecTag: /^\w{2,4}$/.test(stream.codec_tag_string ?? '') ? (stream.codec_tag_string ?? null) : null,
    profile: stream.profile ?? null,
    width: stream.width || null,
    height: stream.height || null,
    rotation: quarterTurns(stream.side_data_list?.find(side => side.rotation !== undefined)?.rotation ?? 0),
    sampleAspectRatio: ratio(stream.sample_aspect_ratio, ':') ?? 1,
    frameRate: ratio(stream.avg_frame_rate, '/'),
    pixelFormat: stream.pix_fmt ?? null,
    colorTransfer: stream.color_transfer ?? null,
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
    attachedPicture: stream.disposition?.attached_pic === 1,
    default: stream.disposition?.default === 1,
    channels: stream.channels ?? null,
    language: language === undefined || language === 'und' ? null : language,
    startSeconds: stream.start_time ?? null,
    durationSeconds: stream.duration ?? null,
  }
}

/** ffprobe counts degrees against the clock. */
const quarterTurns = (degrees: number): number => (((Math.round(-degrees / 90) * 90) % 360) + 360) % 360

/** `30000/1001` → 29.97; null for `0/0` and the like. */
function ratio(text: string | undefined, separator: string): number | null {
  const [above, below] = (text ?? '').split(separator).map(Number)
  const value = (above ?? 0) / (below ?? 0)
  return Number.isFinite(value) && value > 0 ? value : null
}
