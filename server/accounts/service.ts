import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import { createMediaTokens, type MediaScope } from './media-tokens.ts'
import { mayPassOpen } from './policy.ts'
import { countKeys, insertKey, keepSecret, keyExists } from './queries.ts'

export interface Credentials {
  /** An API key. */
  token: string | undefined
  /** What stands in the address of a video's media. */
  media?: { token: string; videoId: string } | undefined
  origin: string | undefined
  host: string | undefined
}

export interface Accounts {
  /** Throws `auth.*` when the caller may not pass. */
  authenticate(credentials: Credentials): Promise<void>
  /** True when there is a key: from then on everyone needs one. */
  anyKey(): boolean
  /** A token that opens media until then; null when nobody needs one. */
  signMedia(scope: MediaScope, expiresAt: Date): string | null
  /** Makes an API key. It is shown this once: only its hash is kept. */
  createKey(name: string): Promise<string>
}

const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')

export async function createAccounts({
  database,
  configuredKey,
  origins,
}: {
  database: Database
  configuredKey: string | undefined
  /** Whose pages may use this server, beside its own. */
  origins?: ReadonlySet<string>
}): Promise<Accounts> {
  if (configuredKey) await insertKey(database.db, { name: 'RUSHES_API_KEY', hash: hashOf(configuredKey) })
  const mediaTokens = createMediaTokens(
    await keepSecret(database.db, 'media-tokens', randomBytes(32).toString('base64url')),
  )
  let anyKey = (await countKeys(database.db)) > 0
  // Accepted hashes are remembered, so that a busy caller costs no query. Bounded by the number of keys.
  const accepted = new Set<string>()

  const isValid = async (key: string): Promise<boolean> => {
    const hash = hashOf(key)
    if (accepted.has(hash)) return true
    const valid = await keyExists(database.db, hash)
    if (valid) accepted.add(hash)
    return valid
  }

  return {
    anyKey: () => anyKey,
    signMedia: (scope, expiresAt) => (anyKey ? mediaTokens.sign(scope, expiresAt) : null),
    async authenticate({ token, media, origin, host }) {
      if (!anyKey) return mayPassOpen({ origin, host }, origins)
      if (!token && media) return mediaTokens.check(media.token, media.videoId)
      if (!token) throw new AppError('auth.required', 'An API key is wanted: send it as `Authorization: Bearer …`.')
      if (!(await isValid(token))) throw new AppError('auth.invalid', 'This API key is not valid here.')
    },
    async createKey(name) {
      const key = `rushes_${randomBytes(32).toString('base64url')}`
      await insertKey(database.db, { name, hash: hashOf(key) })
      anyKey = true
      return key
    },
  }
}
