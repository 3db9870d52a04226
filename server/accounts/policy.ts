import { AppError } from '../platform/errors.ts'

interface Caller {
  origin: string | undefined
  host: string | undefined
}

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/**
 * Without a key a server on loopback trusts whoever reaches it, which any web page can try from a person's own browser:
 * such calls carry a foreign `Origin` (or, after DNS rebinding, a foreign `Host`). Pages of `origins` are no strangers.
 */
export function mayPassOpen({ origin, host }: Caller, origins: ReadonlySet<string> = new Set()): void {
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
