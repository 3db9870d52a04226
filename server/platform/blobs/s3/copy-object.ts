import { CopyObjectCommand, DeleteObjectCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3'
import type { StoredPart } from '../direct-access.ts'
import type { Bucket } from './bucket.ts'
import { abortParts, finishParts, startParts } from './parts.ts'
import { findObject, goneMeanwhile, type ObjectVersion } from './read-object.ts'
import { asked, isNoObject, isReplaced, s3Fault } from './s3-faults.ts'

const mebibyte = 1024 * 1024
/** One request may copy 5 GiB, and takes minutes for it: what is larger than this goes in parts. */
const usualPartBytes = 512 * mebibyte
const sideBySide = 3
const requestTimeout = 10 * 60_000

export interface ObjectCopy {
  from: ObjectVersion
  key: string
  signal: AbortSignal
  partBytes?: number
}

/**
 * Has the store copy one version of an object, without what whoever sent it said of it (its type, say). Throws
 * `storage.not_found`, and leaves no copy, when something else lies there by then. Answers the copy's entity tag.
 */
export async function copyObject(bucket: Bucket, copy: ObjectCopy): Promise<string> {
  const { from, key, signal, partBytes = usualPartBytes } = copy
  try {
    const etag = await (from.sizeBytes > partBytes ? copyInParts(bucket, copy, partBytes) : copyWhole(bucket, copy))
    // Not every server obeys the condition, and whoever may write there may have done so since.
    const now = await findObject(bucket, from.key)
    if (now?.etag === from.etag && now.modifiedAt.getTime() === from.modifiedAt.getTime()) return etag
  } catch (fault) {
    if (signal.aborted) throw signal.reason
    if (isNoObject(fault) || isReplaced(fault)) throw goneMeanwhile()
    throw s3Fault(fault)
  }
  await asked(bucket.client.send(new DeleteObjectCommand(bucket.at(key))))
  throw goneMeanwhile()
}

const sourceOf = (bucket: Bucket, { key, etag }: ObjectVersion) => ({
  CopySource: `${bucket.Bucket}/${bucket.at(key).Key.split('/').map(encodeURIComponent).join('/')}`,
  CopySourceIfMatch: etag,
})

async function copyWhole(bucket: Bucket, { from, key, signal }: ObjectCopy): Promise<string> {
  const command = new CopyObjectCommand({
    ...bucket.at(key),
    ...sourceOf(bucket, from),
    MetadataDirective: 'REPLACE',
    ContentType: 'application/octet-stream',
  })
  const { CopyObjectResult } = await bucket.client.send(command, { abortSignal: signal, requestTimeout })
  return CopyObjectResult?.ETag ?? ''
}

async function copyInParts(bucket: Bucket, { from, key, signal }: ObjectCopy, partBytes: number): Promise<string> {
  const uploadId = await startParts(bucket, key)
  const parts: StoredPart[] = []
  const count = Math.ceil(from.sizeBytes / partBytes)
  let next = 0
  let broken = false
  const work = async () => {
    while (next < count && !broken) {
      const index = next++
      const last = Math.min((index + 1) * partBytes, from.sizeBytes) - 1
      const CopySourceRange = `bytes=${index * partBytes}-${last}`
      const part = { UploadId: uploadId, PartNumber: index + 1, ...sourceOf(bucket, from), CopySourceRange }
      const command = new UploadPartCopyCommand({ ...bucket.at(key), ...part })
      const { CopyPartResult } = await bucket.client.send(command, { abortSignal: signal, requestTimeout })
      parts[index] = { number: index + 1, etag: CopyPartResult?.ETag ?? '' }
    }
  }
  const workers = Array.from({ length: sideBySide }, () =>
    work().catch(fault => {
      broken = true
      throw fault
    }),
  )
  try {
    // Whoever stops asking does not stop the store: all have ended before anybody removes the parts.
    await Promise.allSettled(workers)
    await Promise.all(workers)
    signal.throwIfAborted()
    return await finishParts(bucket, { key, uploadId, parts, requestTimeout })
  } catch (fault) {
    // What was thrown counts; what could not be removed, the bucket's own rules remove later.
    await abortParts(bucket, { key, uploadId }).catch(() => {})
    throw fault
  }
}
