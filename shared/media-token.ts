import { z } from 'zod'
import { Timestamp } from './ids.ts'

/** The longest that one may be valid: a week. */
export const mediaTokenSeconds = 7 * 86_400

/** What `?token=` carries: it opens media, and nothing else, until it expires. */
export const MediaToken = z.object({
  /** Null when the server is open to whoever reaches it: no token is wanted then. */
  token: z.string().nullable(),
  expiresAt: Timestamp.nullable(),
})
export type MediaToken = z.infer<typeof MediaToken>
