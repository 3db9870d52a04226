import type { BlobStore } from '../blobs/index.ts'
import type { Queryable } from '../db/index.ts'
import { enterSize, listUnmeasured } from './queries.ts'

const slice = 500

/** Looks how large those are that were made before sizes were noted. What the store has lost takes nothing. */
export async function measureRenditions(db: Queryable, blobs: Pick<BlobStore, 'stat' | 'list'>): Promise<void> {
  for (;;) {
    const rows = await listUnmeasured(db, slice)
    for (const row of rows) await enterSize(db, row, await sizeOf(blobs, row.key))
    if (rows.length < slice) return
  }
}

/** Of one blob, or of all below a key that ends in a slash. */
async function sizeOf(blobs: Pick<BlobStore, 'stat' | 'list'>, key: string): Promise<number> {
  if (!key.endsWith('/')) return (await blobs.stat(key))?.sizeBytes ?? 0
  let bytes = 0
  for await (const { sizeBytes } of blobs.list(key)) bytes += sizeBytes
  return bytes
}
