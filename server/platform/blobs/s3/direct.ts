import { GetObjectCommand, PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { AppError } from '../../errors.ts'
import { contentDisposition } from '../../http/content-disposition.ts'
import type { DirectAccess, ReadUrlOptions, WriteUrlOptions } from '../direct-access.ts'
import type { Bucket } from './bucket.ts'
import { abortParts, finishParts, startParts } from './parts.ts'
import { findObject } from './read-object.ts'

const finishMs = 10 * 60_000

/** For GET of one object. */
export function readUrl({ signer, at }: Bucket, key: string, options: ReadUrlOptions): Promise<string> {
  const { expiresSeconds, contentType, filename, download } = options
  const named = filename !== undefined || download !== undefined
  const command = new GetObjectCommand({
    ...at(key),
    ...(contentType === undefined ? {} : { ResponseContentType: contentType }),
    ...(named ? { ResponseContentDisposition: contentDisposition({ filename, download }) } : {}),
  })
  return getSignedUrl(signer, command, { expiresIn: expiresSeconds })
}

/** Signed URLs, made here without a request. */
export function createDirectAccess(bucket: Bucket, find: DirectAccess['find']): DirectAccess {
  const { signer, at } = bucket
  return {
    find,
    urlOf: (key, options) => readUrl(bucket, key, options),
    origin: async () => new URL(await readUrl(bucket, 'any', { expiresSeconds: 1 })).origin,
    putUrl: (key, options) =>
      getSignedUrl(signer, new PutObjectCommand({ ...at(key), ...sent(options) }), signed(options)),
    startParts: key => startParts(bucket, key),
    partUrl(key, { uploadId, number }, { expiresSeconds, sizeBytes }) {
      const size = sizeBytes === undefined ? {} : { ContentLength: sizeBytes }
      const command = new UploadPartCommand({ ...at(key), UploadId: uploadId, PartNumber: number, ...size })
      return getSignedUrl(signer, command, { expiresIn: expiresSeconds })
    },
    async finishParts(key, uploadId, parts) {
      await finishParts(bucket, { key, uploadId, parts, requestTimeout: finishMs })
      const stored = await findObject(bucket, key)
      if (!stored) throw new AppError('storage.not_found', 'The object was removed as soon as it was whole.')
      return { sizeBytes: stored.sizeBytes, modifiedAt: stored.modifiedAt }
    },
    abortParts: (key, uploadId) => abortParts(bucket, { key, uploadId }),
  }
}

const sent = ({ sizeBytes, contentType }: WriteUrlOptions) => ({
  ...(sizeBytes === undefined ? {} : { ContentLength: sizeBytes }),
  ...(contentType === undefined ? {} : { ContentType: contentType }),
})
/** The type counts only when it is part of what is signed. */
const signed = ({ expiresSeconds, contentType }: WriteUrlOptions) => ({
  expiresIn: expiresSeconds,
  ...(contentType === undefined ? {} : { signableHeaders: new Set(['host', 'content-length', 'content-type']) }),
})
