import { AppError } from '../platform/errors.ts'
import type { Answer } from '../platform/outbound/index.ts'

/** What asks to come again: "Request Timeout", "Too Early", "Too Many Requests", and what is a server's own fault. */
const passing = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || (status >= 500 && status < 600)

const mostPauseMs = 3_600_000

/** Why an answer brings no film, or not the rest of one; null when it does. */
export function answerFault({ url: { host }, body }: Answer, isRest: boolean): AppError | null {
  const { statusCode = 0, headers } = body
  if (statusCode === (isRest ? 206 : 200)) {
    const { 'content-encoding': encoding = 'identity' } = headers
    if (encoding.toLowerCase() === 'identity') return null
    return new AppError('fetch.refused', `${host} sends this only as ${encoding}: upload the file instead.`)
  }
  const answered = `${host} answered ${statusCode}`
  if (passing(statusCode)) {
    const retryAfterMs = pauseOf(headers['retry-after'])
    return new AppError('fetch.failed', `${answered}. Try again later.`, { details: { retryAfterMs } })
  }
  if (statusCode === 401 || statusCode === 403)
    return new AppError('fetch.refused', `${answered}: it gives this to nobody who is not known there, or no longer.`)
  return new AppError('fetch.refused', `${answered}: look whether the address is right.`)
}

/** Seconds, or a date (RFC 9110, 10.2.3); 0 when it says none. */
function pauseOf(retryAfter: string | undefined): number {
  if (retryAfter === undefined) return 0
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now()
  return Number.isNaN(ms) ? 0 : Math.min(mostPauseMs, Math.max(0, ms))
}
