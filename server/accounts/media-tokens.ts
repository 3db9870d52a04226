import { createHmac, timingSafeEqual } from 'node:crypto'
import type { VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'

/** Which videos' media a token opens: one's, or all of them. */
export type MediaScope = VideoId | 'all'

export interface MediaTokens {
  sign(scope: MediaScope, expiresAt: Date): string
  /** Throws `auth.invalid` and `auth.expired`. */
  check(token: string, videoId: string, now?: Date): void
}

const version = 'm1'

/**
 * `m1.<seconds since 1970, base 36>.<scope>.<HMAC-SHA256 of all before it>`: media elements can't send headers, and an API
 * key in an address lands in histories and logs. This one opens nothing but media, and ends by itself.
 */
export function createMediaTokens(secret: string): MediaTokens {
  const signed = (said: string) => createHmac('sha256', secret).update(said).digest()
  return {
    sign(scope, expiresAt) {
      const said = [version, Math.floor(expiresAt.getTime() / 1000).toString(36), scope].join('.')
      return `${said}.${signed(said).toString('base64url')}`
    },
    check(token, videoId, now = new Date()) {
      const [, said = '', seconds = '', scope, signature = ''] =
        /^(m1\.([0-9a-z]{1,9})\.([^.]+))\.([\w-]{43})$/.exec(token) ?? []
      const given = Buffer.from(signature, 'base64url')
      const right = signed(said)
      if (given.length !== right.length || !timingSafeEqual(given, right)) throw notValid()
      if (scope !== 'all' && scope !== videoId) throw notValid()
      if (Number.parseInt(seconds, 36) * 1000 <= now.getTime())
        throw new AppError('auth.expired', 'This link has expired: ask for another one.')
    },
  }
}

const notValid = () =>
  new AppError('auth.invalid', 'The token in this address is not a signed one for it: GET /api/media-token makes them.')
