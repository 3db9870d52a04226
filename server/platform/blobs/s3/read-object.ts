import type { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { AppError } from '../../errors.ts'
import type { BlobStat } from '../blob-store.ts'
import type { Bucket } from './bucket.ts'
import { isNoObject, isReplaced, s3Fault } from './s3-faults.ts'

/** One version of an object. */
export interface ObjectVersion extends BlobStat {
  key: string
  etag: string
}

export async function findObject(bucket: Bucket, key: string): Promise<ObjectVersion | null> {
  try {
    const { ContentLength, LastModified, ETag } = await bucket.client.send(new HeadObjectCommand(bucket.at(key)))
    return { key, sizeBytes: ContentLength ?? 0, modifiedAt: LastModified ?? new Date(0), etag: ETag ?? '' }
  } catch (fault) {
    if (isNoObject(fault)) return null
    throw s3Fault(fault)
  }
}

export interface ObjectSpan {
  version: ObjectVersion
  start: number
  /** Inclusive. */
  end: number
}

/** Tries without a byte in between, after which it is no accident any more. */
const mostBreaks = 3

/**
 * The bytes of a span, as they come. A connection that breaks is taken up where it broke: servers close those of paused
 * players. Ends early, without a fault, when `signal` is aborted. Throws `storage.not_found` when the version is gone.
 */
export async function* readSpan(bucket: Bucket, span: ObjectSpan, signal: AbortSignal): AsyncGenerator<Buffer> {
  let position = span.start
  let breaks = 0
  while (position <= span.end) {
    const body = await openSpan(bucket, { ...span, start: position }, signal)
    if (body === null) return
    const before = position
    try {
      for await (const chunk of chunksOf(body, bucket.silenceMs)) {
        // Not every server keeps to the end that it was asked for.
        const wanted = chunk.subarray(0, span.end - position + 1)
        position += wanted.length
        if (wanted.length > 0) yield wanted
        if (wanted.length < chunk.length) break
      }
    } catch (fault) {
      if (signal.aborted) return
      breaks = position > before ? 1 : breaks + 1
      if (breaks >= mostBreaks) throw s3Fault(fault)
      continue
    }
    if (position === before && ++breaks >= mostBreaks)
      throw new AppError('storage.unavailable', 'The object store sends fewer bytes than it says it has.')
  }
}

/** A connection may stay open without a byte for ever, as to a machine that lost its power: then it ends in a fault. */
async function* chunksOf(body: Readable, silenceMs: number): AsyncGenerator<Buffer> {
  const silent = () => body.destroy(Object.assign(new Error('It fell silent.'), { name: 'TimeoutError' }))
  let timer = setTimeout(silent, silenceMs)
  try {
    for await (const chunk of body) {
      // Whoever reads may pause as long as they like.
      clearTimeout(timer)
      yield chunk
      timer = setTimeout(silent, silenceMs)
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Null when aborted. */
async function openSpan(bucket: Bucket, span: ObjectSpan, signal: AbortSignal): Promise<Readable | null> {
  const { version, start, end } = span
  const range = { Range: `bytes=${start}-${end}`, IfMatch: version.etag }
  try {
    const command = new GetObjectCommand({ ...bucket.at(version.key), ...range })
    const { Body, ETag } = await bucket.client.send(command, { abortSignal: signal })
    const body = Body as Readable
    // Not every server obeys If-Match.
    if (ETag === version.etag) return body
    body.destroy()
    throw goneMeanwhile()
  } catch (fault) {
    if (signal.aborted) return null
    if (isNoObject(fault) || isReplaced(fault)) throw goneMeanwhile()
    throw s3Fault(fault)
  }
}

export const goneMeanwhile = () =>
  new AppError('storage.not_found', 'What was opened has been replaced or removed since.')
