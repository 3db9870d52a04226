import type { Writable } from 'node:stream'
import type { BlobStat } from './blob-stat.ts'

/** Bytes being written beside their place. Not visible to anyone until `commit`. */
export interface BlobDraft {
  /** A local file: tools may read it before it is committed. */
  path: string
  stream: Writable
  /**
   * Durable and visible under the key, at once or not at all; under the key `as` when it is given. The stream must have
   * finished. After a fault of the store (`storage.full`, `storage.unavailable`) it may be tried again.
   */
  commit(as?: string): Promise<BlobStat>
  /** Leaves nothing behind. Harmless after `commit`. */
  discard(): Promise<void>
}
