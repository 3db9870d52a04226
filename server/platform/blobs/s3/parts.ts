import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
} from '@aws-sdk/client-s3'
import { AppError } from '../../errors.ts'
import type { StoredPart } from '../direct-access.ts'
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
