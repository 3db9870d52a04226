import type { HttpHandlers } from '../platform/http/index.ts'
import type { Accounts } from './service.ts'

/** Tokens that end at the same time are the same text, so that browsers keep what they loaded. */
const roundedToSeconds = 3600

export const accountRoutes = ({ signMedia }: Pick<Accounts, 'signMedia'>): Pick<HttpHandlers, 'media.token'> => ({
  'media.token': async ({ query: { videoId, expiresSeconds } }) => {
    const ends = Date.now() / 1000 + expiresSeconds
    const steps = Math.min(roundedToSeconds, expiresSeconds / 4)
    const expiresAt = new Date(Math.floor(ends / steps) * steps * 1000)
    const token = signMedia(videoId ?? 'all', expiresAt)
    return { token, expiresAt: token === null ? null : expiresAt.toISOString() }
  },
})
