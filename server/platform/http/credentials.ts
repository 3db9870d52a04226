import type { IncomingHttpHeaders } from 'node:http'

/** What a request shows of who is asking. */
export interface ShownCredentials {
  token: string | undefined
  origin: string | undefined
  host: string | undefined
}
/** Throws when the caller may not pass. */
export type Authenticate = (credentials: ShownCredentials) => Promise<void>

/** `inQuery` is the token that a media element carries, which can't send headers. */
export function credentialsOf(headers: IncomingHttpHeaders, inQuery: string | undefined): ShownCredentials {
  const [, bearer] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? []
  return { token: bearer ?? inQuery, origin: headers.origin, host: headers.host }
}
