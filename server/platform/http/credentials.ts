import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '../caller.ts'

/** What a request shows of who is asking. */
export interface ShownCredentials {
  /** An API key, from a header. */
  token: string | undefined
  /** A signed token from the address of somebody's media; of one `file` made from it, where that is not null. */
  link?: { token: string; subject: string; file: string | null } | undefined
  origin: string | undefined
  host: string | undefined
}
/** Says who it is. Throws when they may not pass. */
export type Authenticate = (credentials: ShownCredentials) => Promise<Caller>

/** What a proxy in front may have asked for itself, and passes on. */
const ofProxies = /^(?:Basic|Digest|Negotiate|NTLM) /i

/** A header that has no key in it is a wrong key all the same: whoever sends one wants to be somebody. */
export function bearerIn({ authorization }: IncomingHttpHeaders): string | undefined {
  if (authorization === undefined || ofProxies.test(authorization)) return undefined
  return /^Bearer (.+)$/i.exec(authorization)?.[1] ?? ''
}

export function credentialsOf(headers: IncomingHttpHeaders, link?: ShownCredentials['link']): ShownCredentials {
  return { token: bearerIn(headers), link, origin: headers.origin, host: headers.host }
}
