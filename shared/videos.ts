import { z } from 'zod'
import { Timestamp, VideoId } from './ids.ts'
import { isVisible } from './visible-text.ts'

/** In the order of a video's life; `error` may follow any of them. */
export const VideoStatus = z.enum([
  'waiting_for_upload',
  'uploading',
  'processing',
  'transcribing',
  'analyzing',
  'ready',
  'error',
])
export type VideoStatus = z.infer<typeof VideoStatus>

/** What is done to a video, in the order in which it is shown. */
export const StageName = z.enum([
  'upload',
  'playback',
  'thumbnail',
  'audio',
  'storyboard',
  'hls',
  'transcript',
  'search',
  'scenes',
])
export type StageName = z.infer<typeof StageName>
/** `skipped`: not needed for this video (no sound, already fast-start). */
export const StageState = z.enum(['pending', 'running', 'done', 'skipped', 'failed'])
export type StageState = z.infer<typeof StageState>

export const Stage = z.object({ name: StageName, state: StageState, percent: z.number().min(0).max(100) })
export type Stage = z.infer<typeof Stage>
export const Progress = z.object({ percent: z.number().min(0).max(100), stages: z.array(Stage) })
export type Progress = z.infer<typeof Progress>

/** `unavailable`: no rung could make one; `transcriptReason` says why. */
export const TranscriptState = z.enum(['pending', 'running', 'ready', 'unavailable'])
export type TranscriptState = z.infer<typeof TranscriptState>

export const VideoError = z.object({ code: z.string(), message: z.string() })

/**
 * How a video came: as a form or in parts (`upload`), at an address made for it (`direct`), fetched from an address (`url`);
 * or what of ours it was made from.
 */
export const VideoSource = z.enum(['upload', 'direct', 'url', 'clip', 'camera', 'story'])
export type VideoSource = z.infer<typeof VideoSource>

export const Video = z.object({
  id: VideoId,
  title: z.string(),
  filename: z.string(),
  source: VideoSource,
  status: VideoStatus,
  progress: Progress,
  /** 0 until the bytes are here. */
  durationSeconds: z.number(),
  /** `HH:MM:SS`, rounded to the second. */
  duration: z.string(),
  /** Pixels as shown, rotation applied; null when there is only sound. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  frameRate: z.number().nullable(),
  videoCodec: z.string().nullable(),
  audioCodec: z.string().nullable(),
  /** What was announced until the bytes are here; 0 when nothing was. */
  sizeBytes: z.number().int(),
  /** Of the bytes that were sent: `sha256:` and 64 hexadecimal digits; empty until they are here. */
  checksum: z.string(),
  /** The first video that had the same bytes, of those that are still there; null when this is the first. */
  duplicateOf: VideoId.nullable(),
  /** A browser can play `links.stream` now. */
  playable: z.boolean(),
  transcriptState: TranscriptState,
  transcriptReason: z.string().nullable(),
  /** Of its transcript, as a BCP 47 tag; `und` when nobody knows; null while there is none. */
  transcriptLanguage: z.string().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  readyAt: Timestamp.nullable(),
  error: VideoError.nullable(),
  /** Paths on this server; null until there is something behind them. */
  links: z.object({
    stream: z.string(),
    thumbnail: z.string().nullable(),
    /** The master playlist (HLS), from the first size on. */
    hls: z.string().nullable(),
    /** WebVTT whose cues name places in one picture, for hover previews. */
    storyboard: z.string().nullable(),
    /** Loudness along the film, as JSON. */
    waveform: z.string().nullable(),
    /** From cut to cut, as JSON. They may come after the video is ready. */
    scenes: z.string().nullable(),
    transcript: z.string().nullable(),
    page: z.string(),
  }),
})
export type Video = z.infer<typeof Video>

/** The links of what is made of a film, by its name: where each is found below the video's own path. */
export const renditionPaths = {
  thumbnail: '/thumbnail',
  hls: '/hls/master.m3u8',
  storyboard: '/storyboard.vtt',
  waveform: '/waveform',
} as const satisfies Partial<Record<keyof Video['links'], string>>

/** Such of a video's links as there are by now. */
export const NewLinks = z.partialRecord(Video.shape.links.keyof(), z.string())
export type NewLinks = z.infer<typeof NewLinks>

export const VideoTitle = z
  .string()
  .trim()
  .max(200)
  .refine(isVisible, 'a title has at least one character that is seen')
