import type { VideoId } from '../../shared/index.ts'
import type { Ffmpeg, FramePart, Printed } from '../media/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { VideoRecord, Videos } from '../videos/index.ts'

/** Whoever waits for every frame of a film: should they all be decoded anyway, it reads along. */
export interface Alongside {
  parts(record: VideoRecord): FramePart[]
  /** Keeps what was printed, its own lines among it, for later. */
  keep(record: VideoRecord, printed: readonly Printed[]): Promise<void>
}

export interface RenditionOptions {
  ffmpeg: Ffmpeg
  blobs: BlobStore
  videos: Videos
  /** For each step of ffmpeg. */
  timeoutSeconds: number
  alongside?: Alongside
}

/** What the HLS ladder needs beside that. */
export interface HlsOptions extends RenditionOptions {
  journal: Pick<Journal, 'transact'>
  /** Heights of the sizes to be encoded; empty: no HLS. */
  hlsLadder: readonly number[]
  /** The transcript as it is now; null until there is one. */
  captions(videoId: VideoId): Promise<{ language: string; vtt: string } | null>
}
