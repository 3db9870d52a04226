import type { Writable } from 'node:stream'

export interface Written {
  sizeBytes: number
  /** SHA-256 of the whole file, hexadecimal; null when not all of it was written by this writer, one part after the other. */
  sha256: string | null
}
/** Destroyed, it keeps what the thread has got. Either way it is closed only when the thread is done with the file, or gone. */
export interface WriterSink extends Writable {
  /** Throws before the stream has finished. */
  written(): Written
}
