/** How a file is put together, read from a few headers only. */
export interface FileLayout {
  sizeBytes: number
  /** What the file calls itself: `isom`, `qt`, `webm`; null where it says nothing. */
  brand: string | null
  /** Its index lies before its frames, or it needs none. */
  fastStart: boolean
  /** An MP4 that has neither index nor fragments can't be read at all. */
  indexMissing: boolean
  /** The headers promise more bytes than there are. */
  cutShort: boolean
}

/** Reads `length` bytes at `position`; fewer at the end of the file. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>
