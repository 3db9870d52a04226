import { createHmac, timingSafeEqual } from 'node:crypto'
import type { VideoFile, VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'

/** What a token opens: the media of one video, those of all, or one file made from a video. */
export type LinkScope = VideoId | 'all' | `${VideoId}/${VideoFile}`

export interface AskedLink {
  token: string
  /** The id of the video. */
  subject: string
  /** Null for the video's media. */
  file: string | null
}

export interface SignedLinks {
  /** Stands for a key in what it signs. Without the secret nobody learns anything of the key by it, not even a weak one. */
  signerOf(keyHash: string): string
  sign(link: { scope: LinkScope; signer: string; expiresAt: Date }): string
  /** Answers who signed it; null for tokens of the version before, which named nobody. Throws `auth.invalid`, `auth.expired`. */
  check(asked: AskedLink, now?: Date): { signer: string | null }
}

const shape = /^((m1|m2|f1)\.([0-9a-z]{1,9})\.(?:([0-9a-f]{24})-)?(.+))\.([\w-]{43})$/

/**
 * `m2.<seconds since 1970, base 36>.<signer>-<scope>.<HMAC-SHA256 of all before it>`; `f1` for a file. Media elements
 * can't send headers, and an API key in an address lands in histories and logs. This one opens nothing else, and ends by
 * itself, or with the key that signed it. `m1`, without a signer, was signed by the version before: it is taken until it
 * expires, a week after the last one was signed.
 */
export function createSignedLinks(secret: string): SignedLinks {
  const signatureOf = (said: string) => createHmac('sha256', secret).update(said).digest('base64url')
  return {
    signerOf: keyHash => createHmac('sha256', secret).update(`signer ${keyHash}`).digest('hex').slice(0, 24),
    sign({ scope, signer, expiresAt }) {
      const kind = scope.includes('/') ? 'f1' : 'm2'
      const said = `${kind}.${Math.floor(expiresAt.getTime() / 1000).toString(36)}.${signer}-${scope}`
      return `${said}.${signatureOf(said)}`
    },
    check({ token, subject, file }, now = new Date()) {
      const [, said = '', kind, seconds = '', signer = null, scope, signature = ''] = shape.exec(token) ?? []
      // As text: four spellings of base64url are the same bytes.
      const [given, right] = [Buffer.from(signature), Buffer.from(signatureOf(said))]
      if (given.length !== right.length || !timingSafeEqual(given, right)) throw notValid()
      if ((kind === 'm1') !== (signer === null) || (kind === 'f1') !== (file !== null)) throw notValid()
      if (scope !== (file === null ? subject : `${subject}/${file}`) && (file !== null || scope !== 'all'))
        throw notValid()
      if (Number.parseInt(seconds, 36) * 1000 <= now.getTime())
        throw new AppError('auth.expired', 'This link has expired: ask for another one.')
      return { signer }
    },
  }
}

export const notValid = () =>
  new AppError(
    'auth.invalid',
    'The token in this address is not a signed one for it: GET /api/media-token makes those of media, GET /api/videos/:id/file-token those of files.',
  )
