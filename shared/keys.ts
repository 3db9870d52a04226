import { z } from 'zod'
import { Timestamp } from './ids.ts'

/** The key of the configuration is shown under this name, and has no other. */
export const configuredKeyName = 'RUSHES_API_KEY'
/** A month: the longest that a replaced secret may still open. */
export const mostGraceSeconds = 30 * 86_400

/** What a key is called, on one line. */
export const KeyName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, 'a name on one line is wanted')
  .refine(name => name !== configuredKeyName, `${configuredKeyName} is the name of the configured key`)

/** An API key as it may be shown: never its secret, which is told once, when it is made. */
export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  /** What its secret begins with, to know it by. Null for keys of early versions. */
  start: z.string().nullable(),
  createdAt: Timestamp,
  /** The name of the key that made it; `local` on a server that wanted none, `operator` at the machine itself. */
  createdBy: z.string().nullable(),
  /** To a minute; null when it was never used, as far as is known. */
  lastUsedAt: Timestamp.nullable(),
  /** When it got its present secret, if that is not its first. */
  rotatedAt: Timestamp.nullable(),
  /** Until then the secret before the present one opens as well; null when it does not. */
  previousUntil: Timestamp.nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

export const ApiKeys = z.object({
  /** In the order in which they were made; revoked ones are not among them. */
  items: z.array(ApiKey),
  /** Beside them there is the key of the configuration, RUSHES_API_KEY, which is changed there. */
  configured: z.boolean(),
})
export type ApiKeys = z.infer<typeof ApiKeys>

/** A key with its secret, which is never shown again. */
export const NewApiKey = z.object({ key: ApiKey, secret: z.string() })
export type NewApiKey = z.infer<typeof NewApiKey>

export const CreateKey = z.strictObject({ name: KeyName })
export const RotateKey = z.object({
  /** How long the old secret opens as well. A second rotation ends it. */
  graceSeconds: z.number().int().min(0).max(mostGraceSeconds).default(0),
})
