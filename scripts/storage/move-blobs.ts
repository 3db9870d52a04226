import type { BlobEntry, BlobStore } from '../../server/platform/blobs/index.ts'
import { type Copying, copyBlob, hashBlob } from './copy-blob.ts'

export interface Amount {
  files: number
  bytes: number
}
export interface Moving extends Copying {
  /** Leave what was copied in the source. */
  keep: boolean
  /** Called for each file that is settled. */
  onFile(key: string, outcome: Outcome): void
}
/**
 * - `copied`: it is in the target now, and was read back from there;
 * - `there`: it was in the target already, byte by byte;
 * - `gone`: it was removed while it was being copied, by whoever deleted the film;
 * - `conflict`: both have it, they differ, and the target's is newer. Both are left as they are.
 */
export type Outcome = 'copied' | 'there' | 'gone' | 'conflict'

const sideBySide = 4

export async function countBlobs(store: BlobStore): Promise<Amount> {
  const amount = { files: 0, bytes: 0 }
  for await (const { sizeBytes } of store.list('')) {
    amount.files += 1
    amount.bytes += sizeBytes
  }
  return amount
}

/** What is not in the target yet. */
export async function countMissing({ source, target }: Pick<Moving, 'source' | 'target'>): Promise<Amount> {
  const amount = { files: 0, bytes: 0 }
  for await (const { key, sizeBytes } of source.list('')) {
    if ((await target.stat(key))?.sizeBytes === sizeBytes) continue
    amount.files += 1
    amount.bytes += sizeBytes
  }
  return amount
}

/**
 * Moves every blob of the source, a few side by side. A blob is removed from the source only after it was read back from
 * the target, so it can be killed at any moment, and run again. The first fault ends it.
 */
export async function moveBlobs(moving: Moving): Promise<void> {
  const { source, signal, onFile } = moving
  const entries = source.list('')[Symbol.asyncIterator]()
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const work = async () => {
    for (let next = await entries.next(); !next.done && !either.aborted; next = await entries.next())
      onFile(next.value.key, await moveBlob({ ...moving, signal: either }, next.value))
  }
  const workers = Array.from({ length: sideBySide }, () =>
    work().catch(fault => {
      failed.abort(fault)
      throw fault
    }),
  )
  const ends = await Promise.allSettled(workers)
  signal.throwIfAborted()
  if (ends.some(({ status }) => status === 'rejected')) throw failed.signal.reason
}

async function moveBlob(moving: Moving, entry: BlobEntry): Promise<Outcome> {
  const { source, target, keep } = moving
  const { key } = entry
  const outcome = await settle(moving, entry)
  if (outcome === 'copied' && !(await source.stat(key))) {
    // The film was deleted meanwhile: what we brought would lie there for ever. But where the name follows from the bytes,
    // somebody may have sent the same ones since, and it is theirs.
    if (!key.startsWith('originals/')) await target.remove(key)
    return 'gone'
  }
  if (!keep && (outcome === 'copied' || outcome === 'there')) await source.remove(key)
  return outcome
}

async function settle(moving: Moving, entry: BlobEntry): Promise<Outcome> {
  const { source, target, signal } = moving
  const existing = await target.stat(entry.key)
  if (!existing) return copyBlob(moving, entry.key)
  const [ours, theirs] = await Promise.all([source, target].map(store => hashBlob(store, entry.key, signal)))
  if (!ours || !theirs) return 'gone'
  if (ours === theirs) {
    moving.onBytes(entry.sizeBytes)
    return 'there'
  }
  // An earlier copy of what has been replaced in the source since.
  if (entry.modifiedAt > existing.modifiedAt) return copyBlob(moving, entry.key)
  moving.onBytes(entry.sizeBytes)
  return 'conflict'
}
