import { createHash, randomBytes } from 'node:crypto'

/** As much of a key as may be shown: 24 of its 256 random bits. */
const shownLength = 'rushes_'.length + 4

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Another key, with what is kept of it. */
export function makeSecret(): { secret: string; hash: string; start: string } {
  const secret = `rushes_${randomBytes(32).toString('base64url')}`
  return { secret, hash: hashOf(secret), start: secret.slice(0, shownLength) }
}
