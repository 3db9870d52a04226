import { z } from 'zod'
import { Timestamp } from './ids.ts'
import type { Scope } from './scopes.ts'
import { Video, VideoError, VideoTitle } from './videos.ts'

/** Where partial uploads are made and continued: tus 1.0 (https://tus.io/protocols/resumable-upload). */
export const resumablePath = '/api/uploads/resumable'
/** What they want of a caller. */
export const resumableScope: Scope = 'upload'

/** Asks for an address that takes one film. */
export const DirectUploadRequest = z.object({
  filename: z.string().trim().min(1).max(500),
  /** When it is known: too much is refused at once, and what breaks off is noticed. */
  sizeBytes: z.number().int().min(1).optional(),
  /** What the sender takes it for. The bytes decide. */
  type: z.string().trim().max(200).optional(),
  title: VideoTitle.optional(),
  /** WebVTT or SubRip: then nothing has to be transcribed. */
  captions: z.string().min(1).optional(),
})

/** A film that is to be fetched. */
export const FetchRequest = z.object({
  /** By http or https, of the file itself. Nobody is told it again. */
  url: z.url({ protocol: /^https?$/, error: 'an http or https address is wanted' }).max(4000),
  /** The file's name when not given. */
  title: VideoTitle.optional(),
})

/** For a film that may be sent to the object store in parts, several at a time, each of them again when it broke off. */
export const UploadParts = z.object({
  /** Of each part but the last, which has the rest. */
  partSizeBytes: z.number().int(),
  /** They are numbered from 1 on. */
  count: z.number().int(),
  /** A path on this server, without a key: POST `{numbers}` there for the addresses of these parts. */
  signUrl: z.string(),
})
export type UploadParts = z.infer<typeof UploadParts>

/** `Idempotency-Key` of an upload: the same key again gives the same video, for a day at least. */
export const IdempotencyKey = z.string().min(1).max(200)

/** Whoever has the address of a direct upload may send one film to it, once, until it expires. */
export const DirectUpload = z.object({
  id: z.string(),
  /** A path on this server, where no key is needed as its id is the secret; or a signed URL of the object store. */
  url: z.string(),
  method: z.literal('PUT'),
  expiresAt: Timestamp,
  /** A path on this server: the same upload by tus, with the key that is needed everywhere. */
  resumableUrl: z.string(),
  /** A path on this server, without a key: POST there when the store has the film. Null where the PUT was all. */
  completeUrl: z.string().nullable(),
  /** A path on this server, without a key: DELETE forgets what was sent, and the upload waits again. */
  abortUrl: z.string(),
  /** Instead of one PUT, for a large film; null where that is not offered. */
  parts: UploadParts.nullable(),
})
export type DirectUpload = z.infer<typeof DirectUpload>

const mostParts = 10_000
const partNumber = z.number().int().min(1).max(mostParts)

/** Which parts are going to be sent. */
export const SignPartsRequest = z.object({ numbers: z.array(partNumber).min(1).max(100) })

/** Where one part goes, by PUT, with so many bytes and no other number. */
export const SignedPart = z.object({ number: z.number().int(), url: z.string(), sizeBytes: z.number().int() })
export type SignedPart = z.infer<typeof SignedPart>

/** What was sent: the parts with the `ETag` that the store answered each with, or nothing of that after one PUT. */
export const CompleteUploadRequest = z.object({
  parts: z
    .array(z.object({ number: partNumber, etag: z.string().min(1).max(200) }))
    .min(1)
    .max(mostParts)
    .optional(),
})

/** `receiving`: bytes are coming, or what came is being looked at. */
export const UploadStatus = z.enum(['waiting', 'receiving', 'done', 'refused', 'expired'])
export type UploadStatus = z.infer<typeof UploadStatus>

/** A direct or resumable upload, and what became of it. */
export const UploadState = z.object({
  id: z.string(),
  status: UploadStatus,
  expiresAt: Timestamp,
  /** Null before there is one, and when it was deleted. */
  video: Video.nullable(),
  /** Why it was refused. */
  error: VideoError.nullable(),
})
export type UploadState = z.infer<typeof UploadState>
