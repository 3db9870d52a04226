import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '../platform/caller.ts'
import { AppError } from '../platform/errors.ts'

interface Shown {
  origin: string | undefined
  host: string | undefined
}

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/**
 * Without a key a server on loopback trusts whoever reaches it, which any web page can try from a person's own browser:
 * such calls carry a foreign `Origin` (or, after DNS rebinding, a foreign `Host`). Pages of `origins` are no strangers.
 */
export function mayPassOpen({ origin, host }: Shown, origins: ReadonlySet<string> = new Set()): void {
  if (host !== undefined && !loopbackHost.test(host)) {
    throw new AppError(
      'auth.foreign_origin',
      `Without an API key this server answers to loopback names only, not to ${host}.`,
    )
  }
  if (origin === undefined || origins.has(origin)) return
  if (!URL.canParse(origin) || !loopbackHost.test(new URL(origin).host)) {
    throw new AppError('auth.foreign_origin', `Pages of ${origin} may not use this server without an API key.`)
  }
}

/**
 * Whoever makes the first key shuts out all others. So it is not for pages, wherever they are from, except for the
 * server's own: not for those of another program on this machine, nor of origins that may use the server otherwise. A
 * browser sends `Origin` with each POST, also where scripts ask for none, and says itself (`Sec-Fetch-Site`) whose it is;
 * the control socket's callers send neither.
 */
export function mayKeepKeys({ kind }: Caller, headers: IncomingHttpHeaders): void {
  if (kind === 'key') return
  const { origin, host, 'sec-fetch-site': site } = headers
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase())
  const isNamedOwn = site === undefined || site === 'same-origin' || site === 'none'
  if (isOwn && isNamedOwn) return
  throw new AppError(
    'auth.foreign_origin',
    'Pages of other origins make no API keys without having one: use `npm run keys -- create NAME`.',
  )
}
