import { type FileHandle, open } from 'node:fs/promises'
import { PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3'
import type { StoredPart } from '../direct-access.ts'
import type { Bucket } from './bucket.ts'
import { abortParts, finishParts, startParts } from './parts.ts'
import { asked } from './s3-faults.ts'

const mebibyte = 1024 * 1024
/** What is smaller goes in one request. So many bytes times `sideBySide` are in memory while a file is sent. */
const leastPartBytes = 8 * mebibyte
const mostParts = 10_000
const sideBySide = 3
/** For one request with bytes in it, at the pace of a home connection. */
const requestTimeout = 10 * 60_000

export interface FilePut {
  key: string
  path: string
  signal: AbortSignal
}

/**
 * Stores a local file as one object, which appears at once or not at all. Large ones go in parts; whatever goes wrong,
 * also an abort, the parts that were sent are removed before it throws. Answers the entity tag of the object.
 */
export async function putFile(bucket: Bucket, { key, path, signal }: FilePut): Promise<string> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  signal.throwIfAborted()
  if (size > leastPartBytes) return await putInParts(bucket, { key, file, sizeBytes: size, signal })
  const Body = await readPart(file, 0, size)
  const sent = bucket.client.send(new PutObjectCommand({ ...bucket.at(key), Body }), {
    abortSignal: signal,
    requestTimeout,
  })
  const { ETag } = await asked(sent).catch(fault => throwAborted(fault, signal))
  return ETag ?? ''
}

interface PartsPut {
  key: string
  file: FileHandle
  sizeBytes: number
  signal: AbortSignal
}

async function putInParts(bucket: Bucket, put: PartsPut): Promise<string> {
  const { key, signal } = put
  const uploadId = await startParts(bucket, key)
  // One part that fails ends the others.
  const failed = new AbortController()
  try {
    const parts = await sendParts(bucket, { ...put, signal: AbortSignal.any([signal, failed.signal]) }, uploadId)
    signal.throwIfAborted()
    return await finishParts(bucket, { key, uploadId, parts, requestTimeout })
  } catch (fault) {
    failed.abort()
    // What was thrown counts; what could not be removed, the bucket's own rules remove later.
    await abortParts(bucket, { key, uploadId }).catch(() => {})
    return throwAborted(fault, signal)
  }
}

async function sendParts(bucket: Bucket, put: PartsPut, uploadId: string): Promise<StoredPart[]> {
  const partBytes = Math.max(leastPartBytes, Math.ceil(put.sizeBytes / mostParts / mebibyte) * mebibyte)
  const count = Math.ceil(put.sizeBytes / partBytes)
  const parts: StoredPart[] = []
  let next = 0
  let broken = false
  const work = async () => {
    while (next < count && !broken) {
      const index = next++
      const start = index * partBytes
      const Body = await readPart(put.file, start, Math.min(partBytes, put.sizeBytes - start))
      const part = new UploadPartCommand({ ...bucket.at(put.key), UploadId: uploadId, PartNumber: index + 1, Body })
      const sent = bucket.client.send(part, { abortSignal: put.signal, requestTimeout })
      const { ETag } = await asked(sent)
      parts[index] = { number: index + 1, etag: ETag ?? '' }
    }
  }
  const workers = Array.from({ length: sideBySide }, () =>
    work().catch(fault => {
      broken = true
      throw fault
    }),
  )
  // All of them have ended before anybody closes the file or removes the parts.
  const ends = await Promise.allSettled(workers)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return parts
}

async function readPart(file: FileHandle, start: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes)
  let filled = 0
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, start + filled)
    if (bytesRead === 0) throw new Error('The file became shorter while it was stored.')
    filled += bytesRead
  }
  return buffer
}

function throwAborted(fault: unknown, signal: AbortSignal): never {
  throw signal.aborted ? signal.reason : fault
}
