import { z } from 'zod'
import { Timestamp } from './ids.ts'
import { NotesFormat } from './notes.ts'

/** How long one opens its file: a download starts at once. */
export const fileTokenSeconds = 60

/** A file that is made from a video when it is asked for: the last part of its address. */
export const VideoFile = z.templateLiteral(['notes.', NotesFormat])
export type VideoFile = z.infer<typeof VideoFile>

/** What `?token=` carries for one file of one video: it opens that, and nothing else, for a minute. */
export const FileToken = z.object({
  /** Null when the server is open to whoever reaches it: no token is wanted then. */
  token: z.string().nullable(),
  expiresAt: Timestamp.nullable(),
})
export type FileToken = z.infer<typeof FileToken>
