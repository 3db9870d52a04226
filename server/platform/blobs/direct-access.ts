import type { Readable } from 'node:stream'
import type { BlobDraft } from './blob-draft.ts'
import type { BlobStat } from './blob-stat.ts'

export interface ReadUrlOptions {
  expiresSeconds: number
  /** Told to whoever reads, whatever it was stored as. */
  contentType?: string
  /** What to save it as. Any text. */
  filename?: string
  /** Save it rather than show it. */
  download?: boolean
}
export interface WriteUrlOptions {
  expiresSeconds: number
  /** When given, the store takes so many bytes and no other number. */
  sizeBytes?: number
  /** When given, whoever sends has to send this header. */
  contentType?: string
}
/** A part that lies in the store, with the entity tag that its PUT was answered with. */
export interface StoredPart {
  /** From 1 on. */
  number: number
  etag: string
}

/** One version of what somebody wrote to the store: to be looked at, and then kept under another key. */
export interface StoredBlob extends BlobStat {
  /** Its bytes. They end in `storage.not_found` when it is replaced or removed meanwhile. */
  bytes(signal: AbortSignal): Readable
  /**
   * A draft of these very bytes, which are written to it as to any other. `commit` does not send them again: the store
   * copies them, or it throws `storage.not_found` when something else lies there by then.
   */
  draft(key: string, options?: { signal?: AbortSignal }): Promise<BlobDraft>
}

/**
 * Signed URLs of an object store: browsers read and write there, past this server. What they write appears under the key
 * as soon as it is whole, unchecked. Browsers need the bucket's CORS rules for it (PUT and GET; `ETag` exposed for parts).
 */
export interface DirectAccess {
  /** For GET, with ranges. Null when these bytes can be had through this server alone. */
  urlOf(key: string, options: ReadUrlOptions): Promise<string | null>
  /** For one PUT of the whole, up to 5 GiB. */
  putUrl(key: string, options: WriteUrlOptions): Promise<string>
  /** Begins an upload in parts (each at least 5 MiB but the last, up to 10,000), and answers its id. */
  startParts(key: string): Promise<string>
  /** For the PUT of one part; `number` counts from 1. */
  partUrl(key: string, part: { uploadId: string; number: number }, options: WriteUrlOptions): Promise<string>
  /** Makes the parts one blob, at once. Throws `storage.not_found` when the upload, or a part of it, is not there. */
  finishParts(key: string, uploadId: string, parts: readonly StoredPart[]): Promise<BlobStat>
  /** Forgets the parts. Harmless when there are none. */
  abortParts(key: string, uploadId: string): Promise<void>
  /** Null when nothing lies there. */
  find(key: string): Promise<StoredBlob | null>
  /** Of all these URLs, such as `https://files.example.org`. */
  origin(): Promise<string>
}
