import type { z } from 'zod'
import type { SaidFailureCode } from './failures.ts'
import type { VideoId } from './ids.ts'
import type { WantedScope } from './scopes.ts'
import { libraryStream, type StreamId, videoStream } from './streams.ts'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * One HTTP route of the contract. `answer` is the JSON body; a route without it sends something else (bytes, text,
 * events) and says so in `produces`. A route with `consumes` reads its own body.
 */
export interface Route {
  method: HttpMethod
  path: string
  summary: string
  /** What a caller has to have; `anyone`: nothing, not even a key where one is wanted. */
  scope: WantedScope
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  consumes?: string
  /** Takes JSON alone: another route with the same method and path takes what is not JSON. */
  onlyJson?: true
  /** Its body may hold a whole caption file. */
  largeBody?: true
  answer?: z.ZodType
  produces?: string
  /**
   * What can't send headers opens it by a signed token in the query (`?token=`): `media` by one of the video's media,
   * `file` by one of this file alone.
   */
  opensBy?: 'media' | 'file'
  status?: number
}

/** Keeps the exact types of a table of routes. */
export const defineRoutes = <const T extends Record<string, Route>>(routes: T): T => routes

const absent: readonly { below: string; code: SaidFailureCode }[] = [
  { below: '/api/videos/', code: 'video.not_found' },
  { below: '/api/uploads/', code: 'upload.not_found' },
  { below: '/api/jobs/', code: 'job.not_found' },
  { below: '/api/keys/', code: 'key.not_found' },
]
/** What a path is answered with whose `:id` names nothing. */
export const absentAt = (path: string) => absent.find(({ below }) => path.startsWith(below))

/** What stands in an address, parsed or not. */
interface Addressed {
  params?: { id?: unknown }
  query?: { videoId?: unknown }
}
/** The stream that an address is about: whoever is here for one stream alone asks at no other. Null: about none. */
export function streamAt(path: string, { params, query }: Addressed): StreamId | null {
  if (path.startsWith('/api/library/')) return libraryStream
  const videoId = path.startsWith('/api/videos/:id') ? params?.id : query?.videoId
  // In an address ids may be in capitals, too.
  return typeof videoId === 'string' ? videoStream(videoId.toLowerCase() as VideoId) : null
}
