import { z } from 'zod'
import { Timestamp } from './ids.ts'
import { Video, VideoError, VideoTitle } from './videos.ts'

/** Where partial uploads are made and continued: tus 1.0 (https://tus.io/protocols/resumable-upload). */
export const resumablePath = '/api/uploads/resumable'

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

/** `Idempotency-Key` of an upload: the same key again gives the same video, for a day at least. */
export const IdempotencyKey = z.string().min(1).max(200)

/** Whoever has the address of a direct upload may send one film to it, once, until it expires. */
export const DirectUpload = z.object({
  id: z.string(),
  /** A path on this server. No key is needed there: its id is the secret. */
  url: z.string(),
  method: z.literal('PUT'),
  expiresAt: Timestamp,
  /** A path on this server: the same upload by tus, with the key that is needed everywhere. */
  resumableUrl: z.string(),
})
export type DirectUpload = z.infer<typeof DirectUpload>

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
