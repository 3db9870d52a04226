import type { BlobStore } from '../platform/blobs/index.ts'
import type { Ffmpeg } from '../platform/ffmpeg/index.ts'
import type { Videos } from '../videos/index.ts'

export interface RenditionOptions {
  ffmpeg: Ffmpeg
  blobs: BlobStore
  videos: Videos
  /** For each step of ffmpeg. */
  timeoutSeconds: number
}
