import { z } from 'zod'

/** Every failure this server can answer with, and its HTTP status. The client throws the same codes. */
export const failureStatus = {
  'request.invalid': 422,
  'request.malformed_json': 400,
  /** What came is no HTTP. */
  'request.malformed': 400,
  'request.headers_too_large': 431,
  /** The caller was silent, or too slow. */
  'request.timeout': 408,
  'request.too_large': 413,
  'request.unknown_route': 404,
  'request.method_not_allowed': 405,
  'request.unknown_event': 404,
  /** Details: `{retryAfterMs}`. */
  'request.rate_limited': 429,
  'request.precondition_failed': 412,
  'request.range_not_satisfiable': 416,
  'auth.required': 401,
  'auth.invalid': 401,
  'auth.expired': 401,
  'auth.foreign_origin': 403,
  /** It is known who asks, and that they may not. Details: `{scope}` that is wanted. */
  'auth.forbidden': 403,
  'key.not_found': 404,
  /** The same `Idempotency-Key` again: a secret is shown once. Details: `{id}`. */
  'key.already_made': 409,
  'video.not_found': 404,
  'video.too_long': 422,
  'video.not_uploaded': 409,
  'upload.no_file': 400,
  'upload.too_large': 413,
  'upload.unsupported_media': 415,
  'upload.unsupported_captions': 415,
  'upload.interrupted': 400,
  'upload.not_found': 404,
  'upload.expired': 410,
  'upload.already_done': 409,
  'upload.in_progress': 409,
  'upload.malformed_checksum': 400,
  /** As tus's extension `checksum` wants it. */
  'upload.checksum_mismatch': 460,
  'thumbnail.not_ready': 404,
  'thumbnail.beyond_end': 422,
  'storyboard.not_ready': 404,
  'waveform.not_ready': 404,
  'scenes.not_ready': 404,
  'hls.not_ready': 404,
  'transcript.not_ready': 404,
  'transcript.unavailable': 404,
  'media.failed': 422,
  'media.timeout': 422,
  'room.not_joined': 409,
  'job.not_found': 404,
  /** It was called off. */
  'job.cancelled': 409,
  /** For good; the sentence is its reason. */
  'job.failed': 422,
  /** It has ended: there is nothing to call off, or it ended well and there is nothing to try again. */
  'job.ended': 409,
  'message.not_found': 404,
  /** Only its author may change it. */
  'message.not_yours': 403,
  /** Someone else leads; details: `{leader: {id, name}}`. */
  'playback.taken': 409,
  'playback.not_leading': 409,
  'answer.not_found': 404,
  'answer.failed': 502,
  'answer.cancelled': 409,
  'storage.not_found': 404,
  'storage.full': 507,
  /** Details: `{quotaBytes, usedBytes, reservedBytes}`. */
  'storage.quota_exceeded': 507,
  'storage.unavailable': 503,
  /** Away for a moment, as when it is restarted: trying again helps. */
  'database.unavailable': 503,
  'server.busy': 503,
  'server.stopping': 503,
  'server.internal': 500,
} as const

export type FailureCode = keyof typeof failureStatus

/**
 * Those that pass by themselves: the same request may well be granted a moment later. Everything else is refused again,
 * a full disk too. What nobody foresaw is among them: it may have been an accident, and whoever reconnects for hours must
 * not end on it.
 */
export const passingFailures: ReadonlySet<string> = new Set<FailureCode>([
  'request.rate_limited',
  'storage.unavailable',
  'database.unavailable',
  'server.busy',
  'server.stopping',
  'server.internal',
])

/** `{error: {code, message, details?, requestId}}`: over HTTP and as a socket answer alike. */
export const Failure = z.object({
  error: z.object({
    code: z.string(),
    /** A sentence for a person, with the way out where there is one. */
    message: z.string(),
    details: z.unknown().optional(),
    requestId: z.string(),
  }),
})
export type Failure = z.infer<typeof Failure>
