import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { SocketNoticeName, SocketNotices, StreamId } from '../../../shared/index.ts'
import type { Caller } from '../caller.ts'
import type { CallerAddress } from '../http/index.ts'
import type { Log } from '../log.ts'
import type { Dispatch } from './dispatch.ts'
import type { SocketCaller } from './handlers.ts'
import type { Places } from './places.ts'

/** A connection that wants to become a WebSocket. Its faults are heard. */
export interface Upgrade {
  requestId: string
  request: IncomingMessage
  socket: Duplex
  /** What came after the request already. */
  head: Buffer
}

/** One way into this server for those who stay. */
export interface Door {
  upgrade(upgrade: Upgrade): void
  /** To everyone who entered the stream through this door. */
  tell<N extends SocketNoticeName>(stream: StreamId, name: N, payload: SocketNotices[N]): void
  /** Streams that someone is in. */
  occupied(): Iterable<StreamId>
  /** Ends those whose connection can't keep up: they come back, and are given what they missed. Answers how many. */
  dropSlow(): number
  stop(): Promise<void>
}

/** What a door needs of the house. */
export interface DoorOptions {
  /** Throws when the caller may not pass. */
  admit(shown: { token: string | undefined; origin: string | undefined; host: string | undefined }): Promise<Caller>
  callerAddress: CallerAddress
  /** Known once all domains are there: before the first connection. */
  dispatch: Dispatch
  /** For each connection, from its start until it is closed. */
  places: Places
  log: Log
  /** For each stream that a connection was in when it left or ended. */
  onLeft(stream: StreamId, caller: SocketCaller): void
}

/** What one request may have. */
export const maxPayloadBytes = 64 * 1024

/** Unsent bytes that one connection may hold in memory. Past it, coming back costs less than waiting. */
export const mostUnsentBytes = 16 * 1024 * 1024

/** A key as a connection shows it. What is there and is no text is as wrong as any text that is none. */
export const shownKey = (given: unknown): string | undefined =>
  given === undefined || given === null || given === '' ? undefined : typeof given === 'string' ? given : typeof given
