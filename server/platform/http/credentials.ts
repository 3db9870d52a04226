import type { IncomingHttpHeaders } from 'node:http'

/** What a request shows of who is asking. */
export interface ShownCredentials {
  /** An API key, from a header. */
  token: string | undefined
  /** A signed token from the address of a video's media. */
  media?: { token: string; videoId: string } | undefined
  origin: string | undefined
  host: string | undefined
}
/** Throws when the caller may not pass. */
export type Authenticate = (credentials: ShownCredentials) => Promise<void>

export function credentialsOf(headers: IncomingHttpHeaders, media?: ShownCredentials['media']): ShownCredentials {
  const [, bearer] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? []
  return { token: bearer, media, origin: headers.origin, host: headers.host }
}
