import type { Writable } from 'node:stream'

export interface BlobStat {
  sizeBytes: number
  modifiedAt: Date
}

/** Bytes being written beside their place. Not visible to anyone until `commit`. */
export interface BlobDraft {
  /** A local file: tools may read it before it is committed. */
  path: string
  stream: Writable
  /** Durable and visible under the key, at once or not at all. The stream must have finished. */
  commit(): Promise<BlobStat>
  /** Leaves nothing behind. Harmless after `commit`. */
  discard(): Promise<void>
}

/** A blob held open: what was opened stays readable although it is replaced or removed meanwhile. */
export interface OpenBlob extends BlobStat {
  /** Where the bytes lie as a file, for a web server beside this one; null where they do not. */
  path: string | null
  /** Sends bytes `start` to `end` (inclusive) with back-pressure; ends early, without a fault, when `to` is closed. Never ends `to`. */
  send(start: number, end: number, to: Writable): Promise<void>
  close(): Promise<void>
}

/** Where bytes live. Keys are made by us (`videos/<id>/original`), never from file names. */
export interface BlobStore {
  draft(key: string): Promise<BlobDraft>
  /** Null when there is no such blob. */
  open(key: string): Promise<OpenBlob | null>
  stat(key: string): Promise<BlobStat | null>
  /** A local file with the blob's bytes, for tools that need one. Throws `storage.not_found`. */
  withFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T>
  /** Removes every blob and draft whose key starts with `prefix` (which ends in `/`). */
  removeAll(prefix: string): Promise<void>
}
