import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '../caller.ts'

/** What a request shows of who is asking. */
export interface ShownCredentials {
  /** An API key, from a header. */
  token: string | undefined
  /** A signed token from the address of a video's media; of one `file` made from the video, where that is not null. */
  link?: { token: string; videoId: string; file: string | null } | undefined
  origin: string | undefined
  host: string | undefined
}
/** Says who it is. Throws when they may not pass. */
export type Authenticate = (credentials: ShownCredentials) => Promise<Caller>

export function credentialsOf(headers: IncomingHttpHeaders, link?: ShownCredentials['link']): ShownCredentials {
  const [, bearer] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? []
  return { token: bearer, link, origin: headers.origin, host: headers.host }
}
