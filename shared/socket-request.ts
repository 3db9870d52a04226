import type { z } from 'zod'
import type { SaidFailureCode } from './failures.ts'
import type { VideoId } from './ids.ts'
import type { WantedScope } from './scopes.ts'
import { libraryStream, type StreamId, videoStream } from './streams.ts'

/**
 * How often one may ask: `talk` is what is written, of one person in all their tabs; `signal` what is gone a moment
 * later, of one connection; `reading` what the database is asked for, of one person.
 */
export type SocketPace = 'talk' | 'signal' | 'reading'

/** What is answered to whoever asks from outside about what they would have to be in. */
export const notInside = 'room.not_joined' satisfies SaidFailureCode

interface AnyRequest {
  scope: WantedScope
  pace: SocketPace
  payload: z.ZodType
}
/** About the room of the video that its payload names. */
interface RoomRequest extends AnyRequest {
  about: 'room'
  /** `inside`: for those alone who joined what it is about; else `notInside`. */
  from: 'inside' | 'anywhere'
  payload: z.ZodType<{ videoId: VideoId }>
}
interface LibraryRequest extends AnyRequest {
  about: 'library'
  from: 'inside' | 'anywhere'
}
/** About a room that is only found by looking for what the payload names: whoever finds it asks `mustBeIn`. */
interface FoundRequest extends AnyRequest {
  about: 'found'
  from: 'inside'
}
interface ServerRequest extends AnyRequest {
  about: 'server'
  from: 'anywhere'
}

/** One request of the sockets: what it carries, and all that is looked at before it is answered. */
export type SocketRequestRule = RoomRequest | LibraryRequest | FoundRequest | ServerRequest

/** Keeps the exact types of a table of requests. */
export const defineSocketRequests = <const T extends Record<string, SocketRequestRule>>(requests: T): T => requests

/** The stream that a request is about; null when it is about none, or about one that is yet to be found. */
export function streamAsked(rule: SocketRequestRule, payload: unknown): StreamId | null {
  if (rule.about === 'library') return libraryStream
  return rule.about === 'room' ? videoStream((payload as z.output<typeof rule.payload>).videoId) : null
}
