/** What is sent, whatever it was given as. */
export interface UploadSource {
  filename: string
  /** Null when a stream did not say. */
  sizeBytes: number | null
  /** The whole, where the platform holds it: browsers send it themselves. */
  blob: Blob | null
  bytes(): AsyncIterable<Uint8Array>
  /** Bytes `start` to `end` (exclusive), as often as they are wanted; null where they come once. */
  from: ((start: number, end: number) => AsyncIterable<Uint8Array>) | null
}
