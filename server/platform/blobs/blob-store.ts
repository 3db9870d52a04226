import type { Writable } from 'node:stream'
import type { BlobDraft } from './blob-draft.ts'
import type { BlobStat } from './blob-stat.ts'
import type { DirectAccess, ReadUrlOptions } from './direct-access.ts'

export type { BlobDraft, BlobStat }

export interface BlobEntry extends BlobStat {
  key: string
}

/** What was being written and never became a blob: nobody sees it, and nobody will. */
export interface Leftover {
  /** For those who run the server. */
  name: string
  /** Of the blob that it was to be, where that is known: whoever writes there may be slow. */
  key: string | null
  modifiedAt: Date
  remove(): Promise<void>
}

/**
 * A blob held open: what was opened stays readable although it is replaced or removed meanwhile. An object store can't
 * hold what is removed: there `send` throws `storage.not_found` then. It never sends the bytes of two versions.
 */
export interface OpenBlob extends BlobStat {
  /** Where the bytes lie as a file, for a web server beside this one; null where they do not. */
  path: string | null
  /** Where others read these bytes without us; null where they can not. */
  urlFor(options: ReadUrlOptions): Promise<string | null>
  /** Sends bytes `start` to `end` (inclusive) with back-pressure; ends early, without a fault, when `to` is closed. Never ends `to`. */
  send(start: number, end: number, to: Writable): Promise<void>
  close(): Promise<void>
}

/** Where bytes live. Keys are made by us (`<what>/<id>/<part>`), never from file names. Throws `storage.unavailable` where it can't be reached. */
export interface BlobStore {
  /** `signal` breaks a commit off that takes its time. */
  draft(key: string, options?: { signal?: AbortSignal }): Promise<BlobDraft>
  /** Null when there is no such blob. */
  open(key: string): Promise<OpenBlob | null>
  stat(key: string): Promise<BlobStat | null>
  /** A local file with the blob's bytes, for tools that need one. Throws `storage.not_found`. */
  withFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T>
  /** Every blob below `prefix` (which ends in `/`, or is empty for all), in no order that could be relied on. */
  list(prefix: string): AsyncIterable<BlobEntry>
  /** Removes one blob. Harmless when there is none. */
  remove(key: string): Promise<void>
  /** Removes every blob and draft whose key starts with `prefix` (which ends in `/`). */
  removeAll(prefix: string): Promise<void>
  /** Drafts, parts and copies that no draft of this process is. Young ones belong to other processes. */
  leftovers(): AsyncIterable<Leftover>
  /** Where it is, in a few words for an operator. Throws, saying why, when it can't be used. */
  check(): Promise<string>
  /** URLs at which others reach the bytes without us; null when there are none. */
  direct: DirectAccess | null
}
