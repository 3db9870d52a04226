import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { v7 as uuidv7 } from 'uuid'
import type { RawData, WebSocket } from 'ws'
import { z } from 'zod'
import { droppableNotices, notInside, type SocketRequestName, type StreamId } from '../../../shared/index.ts'
import type { Caller } from '../caller.ts'
import { AppError, messageOf, toFailure } from '../errors.ts'
import { bearerIn, refuseConnection } from '../http/index.ts'
import { cutText } from '../text.ts'
import { type Door, type DoorOptions, maxPayloadBytes, mostUnsentBytes, shownKey } from './door.ts'
import type { SocketCaller } from './handlers.ts'
import { createLine, type Line } from './line.ts'
import { checkShown, type Person, personOf } from './people.ts'
import { openWebSockets } from './web-sockets.ts'

/** What an address of this door leads to. */
export interface PlainPlace {
  stream: StreamId
  /** Part of each request that is asked there. */
  payload: object
}

export interface PlainDoorPurpose {
  /** Null for an address that leads nowhere. */
  placeAt(path: string): PlainPlace | null
  /** Said to whoever comes to such a one. */
  elsewhere: string
  /** Asked for each connection before anything that it asks itself. */
  join: SocketRequestName
}

interface Connection extends PlainPlace {
  socket: WebSocket
  caller: SocketCaller
  isIn: boolean
  /** It answered the last ping. */
  isAlive: boolean
  /** What its stream was told before it heard that it is in; null from then on. */
  early: string[] | null
  line: Line
}
type Streams = Map<StreamId, Set<Connection>>

const pingMs = 5_000
/** Whoever asks gets it back, so it is looked at first. */
const RequestId = z.union([z.string().max(100), z.number()]).optional()
const longestName = 100
/** A busy connection is not given what is soon worthless. */
const busyBytes = 64 * 1024
/** RFC 6455, section 7.4.1, and what the registry of close codes added. */
const policyViolation = 1008
const tryAgainLater = 1013
/** For the other side to hang up, too. */
const goodbyeMs = 1000

/**
 * Plain WebSocket, for clients without Socket.IO: `?token=&name=&person=&since=`. A connection is where its address leads
 * at once: the first frame is the answer to its joining, and what is asked before waits for it.
 * Requests are `{type, requestId?, ...payload}`, answered by `{type, requestId?, ok: true, ...}` or `{type, requestId?, error}`.
 */
export function createPlainDoor(options: DoorOptions, purpose: PlainDoorPurpose): Door {
  const wss = openWebSockets({ noServer: true, maxPayload: maxPayloadBytes, clientTracking: false })
  const streams: Streams = new Map()
  const connections = new Set<Connection>()

  const forget = (connection: Connection) => {
    const { stream, caller } = connection
    if (!connection.isIn) return
    connection.isIn = false
    const inside = streams.get(stream)
    inside?.delete(connection)
    if (inside?.size === 0) streams.delete(stream)
    options.onLeft(stream, caller)
  }
  const open = (socket: WebSocket, { query, ...at }: Admitted) => {
    const line = createLine(options.dispatch)
    const connection = connectionOf({ socket, ...at, line, streams, forget })
    connections.add(connection)
    serve(connection, options, { join: purpose.join, since: query.get('since') })
    const release = at.by.permit.onEnd(fault => {
      forget(connection)
      dismiss(socket, fault)
    })
    socket.once('close', () => {
      line.end()
      release()
      connections.delete(connection)
      forget(connection)
    })
  }
  const beat = setInterval(() => {
    for (const connection of connections) {
      if (!connection.isAlive) connection.socket.terminate()
      connection.isAlive = false
      connection.socket.ping()
    }
  }, pingMs)
  beat.unref()

  return {
    upgrade({ requestId, request, socket, head }) {
      receive(request, socket, { ...options, purpose })
        // Whoever hung up meanwhile has nothing to be given.
        .then(at => socket.destroyed || wss.handleUpgrade(request, socket, head, webSocket => open(webSocket, at)))
        .catch(fault => refuseConnection(socket, fault, { requestId, log: options.log }))
    },
    tell(stream, name, payload) {
      const inside = streams.get(stream)
      if (!inside) return
      const text = JSON.stringify({ type: name, ...payload })
      for (const { socket, early } of inside)
        if (early && !droppableNotices.has(name)) early.push(text)
        else if (!early && (!droppableNotices.has(name) || socket.bufferedAmount < busyBytes)) socket.send(text, ignore)
    },
    occupied: () => streams.keys(),
    dropSlow() {
      const slow = [...connections].filter(({ socket }) => socket.bufferedAmount > mostUnsentBytes)
      for (const { socket } of slow) socket.terminate()
      return slow.length
    },
    async stop() {
      clearInterval(beat)
      const closed = [...connections].map(({ socket }) => new Promise(resolve => socket.once('close', resolve)))
      for (const { socket } of connections) socket.close(tryAgainLater, 'The server is stopping.')
      const cutOff = setTimeout(() => {
        for (const { socket } of connections) socket.terminate()
      }, goodbyeMs)
      await Promise.all(closed)
      clearTimeout(cutOff)
    },
  }
}

/** A connection that breaks while it is written to is told of by its `close`. */
const ignore = () => {}

interface Address extends PlainPlace {
  query: URLSearchParams
}

interface Admitted extends Address {
  by: Caller
  person: Person
}

function addressOf({ url = '' }: IncomingMessage, { placeAt, elsewhere }: PlainDoorPurpose): Address {
  const place = placeAt(url.split('?', 1)[0] ?? '')
  if (!place) throw new AppError('request.unknown_route', elsewhere)
  return { ...place, query: new URL(url, 'http://localhost').searchParams }
}

async function receive(
  request: IncomingMessage,
  socket: Duplex,
  { admit, callerAddress, places, purpose }: DoorOptions & { purpose: PlainDoorPurpose },
): Promise<Admitted> {
  const asked = addressOf(request, purpose)
  socket.once('close', places.take())
  checkShown(Object.fromEntries(asked.query), 'query')
  const { origin, host } = request.headers
  const token = bearerIn(request.headers) ?? shownKey(asked.query.get('token'))
  const by = await admit({ token, origin, host })
  const said = { name: asked.query.get('name'), person: asked.query.get('person') }
  return { ...asked, by, person: personOf(said, { by, address: callerAddress(request) }) }
}

/** They hear why. Whoever does not hang up is hung up on. */
function dismiss(socket: WebSocket, fault: AppError): void {
  socket.send(JSON.stringify({ type: 'access.ended', error: toFailure(fault, uuidv7()).error }), ignore)
  socket.close(policyViolation, fault.code)
}

interface Opening extends PlainPlace {
  by: Caller
  person: Person
  socket: WebSocket
  line: Line
  streams: Streams
  forget: (connection: Connection) => void
}

function connectionOf({ socket, stream, payload, by, person, line, streams, forget }: Opening): Connection {
  const connection: Connection = {
    ...{ socket, stream, payload, isIn: false, isAlive: true, early: [], line },
    caller: {
      ...{ connectionId: uuidv7(), by, ...person },
      async enter(entered) {
        if (entered !== stream || socket.readyState !== socket.OPEN) throw onlyHere()
        connection.isIn = true
        const inside = streams.get(stream) ?? new Set()
        streams.set(stream, inside.add(connection))
      },
      leave: async left => void (left === stream && forget(connection)),
      isIn: asked => asked === stream && connection.isIn,
    },
  }
  return connection
}

const onlyHere = () => new AppError(notInside, 'This connection is for what its address names alone.')

interface Joining {
  join: SocketRequestName
  since: string | null
}

function serve(connection: Connection, { log }: DoorOptions, asked: Joining): void {
  const { socket, caller, line } = connection
  const send = (answer: object) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(answer), ignore)
  const request = async (event: string, payload: object, givenId?: unknown) => {
    const { data: requestId, success: isSound } = RequestId.safeParse(givenId)
    const answer = isSound
      ? await line.ask({ event, payload: { ...connection.payload, ...payload }, caller })
      : { error: toFailure(noRequestId(), uuidv7()).error }
    send({ type: cutText(event, longestName), ...(requestId === undefined ? {} : { requestId }), ...answer })
    return answer
  }
  const failed = (fault: unknown) => {
    log.error({ reason: messageOf(fault) }, 'an answer could not be sent')
    socket.terminate()
  }
  // What it breaks is told by `close`, which follows.
  socket.on('error', ignore)
  socket.on('pong', () => {
    connection.isAlive = true
  })
  const take = (data: RawData, isBinary: boolean) => {
    // Said goodbye to: what still comes is nobody's.
    if (socket.readyState !== socket.OPEN) return
    const given = isBinary ? null : readRequest(String(data))
    if (!given) return socket.close(policyViolation, 'A request is JSON: {type, requestId?, ...}.')
    const { type, requestId, ...payload } = given
    return void request(type, payload, requestId).catch(failed)
  }
  const joined = request(asked.join, asked.since === null ? {} : { since: Number(asked.since) })
    .then(answer => {
      if ('error' in answer) socket.close(policyViolation, answer.error.code)
      for (const text of connection.early ?? []) socket.send(text, ignore)
      connection.early = null
      socket.resume()
    })
    .catch(failed)
  socket.on('message', (data, isBinary) => {
    if (connection.early === null) return take(data, isBinary)
    // It need not wait for the answer before it asks; nor need we keep more than came at once.
    socket.pause()
    return void joined.then(() => take(data, isBinary))
  })
}

const noRequestId = () =>
  new AppError('request.invalid', 'The payload does not fit: requestId: a number or a short text is wanted.')

function readRequest(text: string): ({ type: string; requestId?: unknown } & object) | null {
  try {
    const asked: unknown = JSON.parse(text)
    const isRequest = typeof asked === 'object' && asked !== null && 'type' in asked && typeof asked.type === 'string'
    return isRequest ? (asked as { type: string }) : null
  } catch {
    return null
  }
}
