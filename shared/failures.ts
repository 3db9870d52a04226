import { z } from 'zod'

interface FailureKind {
  /** Of HTTP. */
  status: number
  /**
   * It passes by itself: the same request may well be granted a moment later. Everything else is refused again, a full disk
   * too. What nobody foresaw passes: it may have been an accident, and whoever reconnects for hours must not end on it.
   */
  passes?: true
  /** What is said when nobody knows better: whoever throws it may know more, such as which limit it was. */
  sentence?: string
}

/** Every failure this server can answer with. The client throws the same codes. */
export const failures = {
  'request.invalid': { status: 422 },
  'request.malformed_json': { status: 400 },
  /** What came is no HTTP. */
  'request.malformed': { status: 400 },
  'request.headers_too_large': { status: 431 },
  /** The caller was silent, or too slow: what was sent may be sent again. */
  'request.timeout': { status: 408, passes: true },
  'request.too_large': { status: 413 },
  'request.unknown_route': { status: 404 },
  'request.method_not_allowed': { status: 405 },
  'request.unknown_event': { status: 404 },
  /** Details: `{retryAfterMs}`. */
  'request.rate_limited': { status: 429, passes: true },
  'request.precondition_failed': { status: 412 },
  'request.range_not_satisfiable': { status: 416 },
  'auth.required': { status: 401 },
  'auth.invalid': { status: 401 },
  'auth.expired': { status: 401 },
  'auth.foreign_origin': { status: 403 },
  /** It is known who asks, and that they may not. Details: `{scope}` that is wanted. */
  'auth.forbidden': { status: 403 },
  'key.not_found': { status: 404, sentence: 'There is no such API key, or it was revoked.' },
  /** The same `Idempotency-Key` again: a secret is shown once. Details: `{id}`. */
  'key.already_made': { status: 409 },
  'video.not_found': { status: 404, sentence: 'There is no such video, or not any more.' },
  'video.too_long': { status: 422 },
  'video.not_uploaded': { status: 409, sentence: 'The film of this video has not been uploaded.' },
  'upload.no_file': { status: 400 },
  'upload.too_large': { status: 413 },
  'upload.unsupported_media': { status: 415 },
  'upload.unsupported_captions': { status: 415 },
  'upload.interrupted': { status: 400, sentence: 'The upload broke off: not all of its bytes came.' },
  'upload.not_found': { status: 404, sentence: 'There is no such upload.' },
  'upload.expired': { status: 410 },
  'upload.already_done': { status: 409 },
  /** Whoever wants to go on asks how far it is first: the same request would not do. */
  'upload.in_progress': { status: 409, sentence: 'This upload is being received already.' },
  'upload.malformed_checksum': { status: 400 },
  /** As tus's extension `checksum` wants it. What was spoilt on its way comes whole the next time. */
  'upload.checksum_mismatch': { status: 460, passes: true },
  'rendition.not_ready': { status: 404, sentence: 'There is no such rendition of this film, or not yet.' },
  /** It is no address of the open internet, and nobody who runs this server has allowed it. */
  'fetch.address_refused': {
    status: 422,
    sentence:
      'This server fetches films by http and https from public addresses alone. Upload the file, or let whoever runs the server allow this one (FETCH_PRIVATE_ADDRESSES).',
  },
  /** The server that was asked has answered, and would answer the same again. */
  'fetch.refused': { status: 422 },
  /** It could not be reached, or broke off: it was tried several times. */
  'fetch.failed': { status: 502, passes: true },
  /** Details: `{timeoutSeconds}`. */
  'fetch.too_slow': { status: 422 },
  'thumbnail.not_ready': { status: 404 },
  'thumbnail.beyond_end': { status: 422 },
  'storyboard.not_ready': { status: 404, sentence: 'There is no storyboard of this film, or not yet.' },
  'waveform.not_ready': { status: 404, sentence: 'There is no waveform of this film, or not yet.' },
  'scenes.not_ready': { status: 404, sentence: 'The scenes of this film are not known, or not yet.' },
  'hls.not_ready': { status: 404 },
  /** It takes more than a moment: `transcript.ready` says when it is there. */
  'transcript.not_ready': {
    status: 404,
    sentence: 'The transcript of this video is still being made. Ask again when it is there.',
  },
  'transcript.unavailable': { status: 404 },
  'media.failed': { status: 422 },
  'media.timeout': { status: 422 },
  'room.not_joined': {
    status: 409,
    sentence: 'Join what you ask about first: by `room.join` or `library.join`.',
  },
  'job.not_found': { status: 404, sentence: 'There is no such job.' },
  /** It was called off. */
  'job.cancelled': { status: 409, sentence: 'The job was called off.' },
  /** For good; the sentence is its reason. */
  'job.failed': { status: 422 },
  /** It has ended: there is nothing to call off, or it ended well and there is nothing to try again. */
  'job.ended': { status: 409 },
  'message.not_found': { status: 404 },
  /** Only its author may change it. */
  'message.not_yours': { status: 403 },
  /** Someone else leads; details: `{leader: {id, name}}`. */
  'playback.taken': { status: 409 },
  'playback.not_leading': { status: 409 },
  'answer.not_found': { status: 404 },
  /** The model broke off in the middle: it may well answer when it is asked again. */
  'answer.failed': { status: 502, passes: true },
  'answer.cancelled': { status: 409 },
  'storage.not_found': { status: 404 },
  'storage.full': { status: 507, sentence: 'There is no room left on the disk of this server.' },
  /** Details: `{quotaBytes, usedBytes, reservedBytes}`. */
  'storage.quota_exceeded': { status: 507 },
  'storage.unavailable': { status: 503, passes: true },
  /** Away for a moment, as when it is restarted: trying again helps. */
  'database.unavailable': { status: 503, passes: true },
  'server.busy': { status: 503, passes: true },
  'server.stopping': { status: 503, passes: true, sentence: 'The server is stopping. Try again in a moment.' },
  'server.internal': {
    status: 500,
    passes: true,
    sentence: 'Something went wrong here. It was logged with this request id.',
  },
} as const satisfies Record<string, FailureKind>

export type FailureCode = keyof typeof failures
/** Those that have a sentence of their own. */
export type SaidFailureCode = {
  [C in FailureCode]: (typeof failures)[C] extends { sentence: string } ? C : never
}[FailureCode]

/** What the table says of a code; undefined for one of a newer version. */
export const failureKind = (code: string): FailureKind | undefined =>
  Object.hasOwn(failures, code) ? failures[code as FailureCode] : undefined

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
