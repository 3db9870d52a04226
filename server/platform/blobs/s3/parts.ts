import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3'
import { AppError } from '../../errors.ts'
import type { Leftover } from '../blob-store.ts'
import type { StoredPart } from '../direct-access.ts'
import { isKey } from '../keys.ts'
import type { Bucket } from './bucket.ts'
import { asked, isNoObject, s3Fault } from './s3-faults.ts'

export async function startParts(bucket: Bucket, key: string): Promise<string> {
  const { UploadId } = await asked(bucket.client.send(new CreateMultipartUploadCommand(bucket.at(key))))
  if (!UploadId) throw new AppError('storage.unavailable', 'The object store gave the upload no name.')
  return UploadId
}

export interface FinishedParts {
  key: string
  uploadId: string
  parts: readonly StoredPart[]
  requestTimeout: number
}
const partFaults = ['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall']

export async function finishParts(bucket: Bucket, finished: FinishedParts): Promise<string> {
  const inOrder = finished.parts.toSorted((a, b) => a.number - b.number)
  const command = new CompleteMultipartUploadCommand({
    ...bucket.at(finished.key),
    UploadId: finished.uploadId,
    MultipartUpload: { Parts: inOrder.map(({ number, etag }) => ({ PartNumber: number, ETag: etag })) },
  })
  try {
    const { ETag } = await bucket.client.send(command, { requestTimeout: finished.requestTimeout })
    return ETag ?? ''
  } catch (fault) {
    if (partFaults.includes((fault as Error).name))
      throw new AppError('storage.not_found', 'Not all parts of this upload are in the object store.', { cause: fault })
    throw s3Fault(fault)
  }
}

export async function abortParts(bucket: Bucket, { key, uploadId }: { key: string; uploadId: string }): Promise<void> {
  try {
    await bucket.client.send(new AbortMultipartUploadCommand({ ...bucket.at(key), UploadId: uploadId }))
  } catch (fault) {
    if (!isNoObject(fault)) throw s3Fault(fault)
  }
}

/** Uploads in parts that were neither finished nor aborted, below our prefix. What is no key of ours is passed over. */
export async function* listParts(bucket: Bucket): AsyncGenerator<Leftover> {
  const below = { Bucket: bucket.Bucket, Prefix: bucket.prefix }
  let from: { KeyMarker?: string; UploadIdMarker?: string } | null = {}
  while (from) {
    const page: ListMultipartUploadsCommandOutput = await asked(
      bucket.client.send(new ListMultipartUploadsCommand({ ...below, ...from })),
    )
    for (const { Key = '', UploadId: uploadId, Initiated: modifiedAt = new Date() } of page.Uploads ?? []) {
      const key = Key.slice(bucket.prefix.length)
      if (!uploadId || !Key.startsWith(bucket.prefix) || !isKey(key)) continue
      yield { name: `parts of ${key}`, key, modifiedAt, remove: () => abortParts(bucket, { key, uploadId }) }
    }
    const { IsTruncated, NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page
    from = IsTruncated && KeyMarker ? { KeyMarker, ...(UploadIdMarker && { UploadIdMarker }) } : null
  }
}
