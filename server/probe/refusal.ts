import { AppError } from '../platform/errors.ts'

/** `what` with its article: "a PDF document". */
export const refusal = (what: string, cause?: unknown): AppError =>
  new AppError('upload.unsupported_media', `This is ${what}, not a video or audio file that can be played.`, { cause })

/** For a file that begins like a film and can't be read as one; `why` is the rest of a sentence. */
export const unreadable = (contentType: string, why: string, cause?: unknown): AppError =>
  new AppError('upload.unsupported_media', `This file begins like ${contentType}, but ${why}.`, { cause })
