import type { VideoId } from '../../shared/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import type { Ffmpeg } from '../platform/ffmpeg/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Videos } from '../videos/index.ts'

export interface RenditionOptions {
  ffmpeg: Ffmpeg
  blobs: BlobStore
  videos: Videos
  /** For each step of ffmpeg. */
  timeoutSeconds: number
}

/** What the HLS ladder needs beside that. */
export interface HlsOptions extends RenditionOptions {
  journal: Pick<Journal, 'transact'>
  /** Lines of the rungs to be encoded; empty: no HLS. */
  hlsRungs: readonly number[]
  /** The transcript as it is now; null until there is one. */
  captions(videoId: VideoId): Promise<{ language: string; vtt: string } | null>
}
