import { createHash } from 'node:crypto'
import { addAbortSignal, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BlobStore } from '../../server/platform/blobs/index.ts'

export interface Copying {
  source: BlobStore
  target: BlobStore
  signal: AbortSignal
  /** Called for bytes as they are read. */
  onBytes(bytes: number): void
}

const mostTries = 2

/** Copies one blob and reads it back; what came out different is removed and copied once more. */
export async function copyBlob(copying: Copying, key: string): Promise<'copied' | 'gone'> {
  for (let tries = 1; ; tries++) {
    const read = await copy(copying, key)
    if (read === null) return 'gone'
    const readBack = await hashBlob(copying.target, key, copying.signal)
    if (readBack === read) return 'copied'
    if (readBack === null) return 'gone'
    await copying.target.remove(key)
    if (tries === mostTries) throw new Error(`${key} is not the same after it was copied: ${readBack} is not ${read}.`)
  }
}

/** SHA-256 of what was read; null when there is nothing to read. */
async function copy({ source, target, signal, onBytes }: Copying, key: string): Promise<string | null> {
  const blob = await source.open(key)
  if (!blob) return null
  const hash = createHash('sha256')
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      onBytes(chunk.length)
      done(null, chunk)
    },
  })
  const draft = await target.draft(key, { signal })
  try {
    const feed = blob.send(0, blob.sizeBytes - 1, meter).then(
      () => void meter.end(),
      fault => void meter.destroy(fault),
    )
    await pipeline(meter, draft.stream, { signal })
    await feed
    await draft.commit()
    return hash.digest('hex')
  } finally {
    await draft.discard()
    await blob.close()
  }
}

/** SHA-256 of a blob; null when there is none. */
export async function hashBlob(store: BlobStore, key: string, signal: AbortSignal): Promise<string | null> {
  const blob = await store.open(key)
  if (!blob) return null
  const hash = createHash('sha256')
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done()
    },
  })
  // Destroyed when aborted, which ends the sending.
  addAbortSignal(signal, sink).on('error', () => {})
  try {
    await blob.send(0, blob.sizeBytes - 1, sink)
    signal.throwIfAborted()
    return hash.digest('hex')
  } finally {
    await blob.close()
  }
}
