import { once } from 'node:events'
import { type Server as HttpServer, type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { v7 as uuidv7 } from 'uuid'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { VideoId } from '../../../shared/index.ts'
import { checkInput } from '../check-input.ts'
import { AppError, toFailure } from '../errors.ts'
import { cutText } from '../text.ts'
import { type Door, type DoorOptions, droppable, maxPayloadBytes, mostUnsentBytes } from './door.ts'
import type { SocketCaller } from './handlers.ts'
import { personOf } from './people.ts'

export interface PlainDoor extends Door {
  attach(server: HttpServer): void
}

interface Connection {
  socket: WebSocket
  videoId: VideoId
  caller: SocketCaller
  isIn: boolean
  /** It answered the last ping. */
  isAlive: boolean
}
type Rooms = Map<VideoId, Set<Connection>>

const address = /^\/ws\/chat\/([^/?]+)\/?(?:\?|$)/
const pingMs = 5_000
/** Whoever asks gets it back, so it is looked at first. */
const RequestId = z.union([z.string().max(100), z.number()]).optional()
const longestName = 100
/** A busy connection is not given what is worthless a moment later. */
const busyBytes = 64 * 1024
/** RFC 6455, section 7.4.1, and what the registry of close codes added. */
const policyViolation = 1008
const tryAgainLater = 1013

/**
 * Plain WebSocket at `/ws/chat/:videoId?token=&name=&person=&since=`, for clients without Socket.IO. A connection is in
 * the room of its address at once: the first frame is the answer to `room.join`. Requests are
 * `{type, requestId?, ...payload}`, answered by `{type, requestId?, ok: true, ...}` or `{type, requestId?, error}`.
 */
export function createPlainDoor(options: DoorOptions): PlainDoor {
  const wss = new WebSocketServer({ noServer: true, maxPayload: maxPayloadBytes, clientTracking: false })
  const rooms: Rooms = new Map()
  const connections = new Set<Connection>()

  const forget = (connection: Connection) => {
    const { videoId, caller } = connection
    if (!connection.isIn) return
    connection.isIn = false
    const room = rooms.get(videoId)
    room?.delete(connection)
    if (room?.size === 0) rooms.delete(videoId)
    options.onLeft(videoId, caller)
  }
  const open = (socket: WebSocket, { videoId, query }: Address) => {
    const connection = connectionOf({ socket, videoId, query, rooms, forget })
    connections.add(connection)
    options.onConnected()
    serve(connection, options, query.get('since'))
    socket.once('close', () => {
      connections.delete(connection)
      forget(connection)
      options.onDisconnected()
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
    attach(server) {
      server.on('upgrade', (request, socket, head) => {
        const asked = addressOf(request)
        if (asked === 'elsewhere') return
        receive(request, asked, options).then(
          at => wss.handleUpgrade(request, socket, head, webSocket => open(webSocket, at)),
          fault => refuse(socket, fault),
        )
      })
    },
    tell(videoId, name, payload) {
      const room = rooms.get(videoId)
      if (!room) return
      const text = JSON.stringify({ type: name, ...payload })
      for (const { socket } of room)
        if (!droppable.has(name) || socket.bufferedAmount < busyBytes) socket.send(text, ignore)
    },
    rooms: () => rooms.keys(),
    get size() {
      return connections.size
    },
    dropSlow() {
      const slow = [...connections].filter(({ socket }) => socket.bufferedAmount > mostUnsentBytes)
      for (const { socket } of slow) socket.terminate()
      return slow.length
    },
    async stop() {
      clearInterval(beat)
      const closed = [...connections].map(({ socket }) => once(socket, 'close'))
      for (const { socket } of connections) socket.close(tryAgainLater, 'The server is stopping.')
      const cutOff = setTimeout(() => {
        for (const { socket } of connections) socket.terminate()
      }, 1000)
      await Promise.all(closed)
      clearTimeout(cutOff)
    },
  }
}

/** A connection that breaks while it is written to is told of by its `close`. */
const ignore = () => {}

interface Address {
  videoId: VideoId
  query: URLSearchParams
}

/** `elsewhere` is Socket.IO's; null is nobody's. */
function addressOf({ url = '' }: IncomingMessage): Address | 'elsewhere' | null {
  if (url.startsWith('/socket.io/')) return 'elsewhere'
  const videoId = VideoId.safeParse(address.exec(url)?.[1])
  return videoId.success ? { videoId: videoId.data, query: new URL(url, 'http://localhost').searchParams } : null
}

async function receive(request: IncomingMessage, asked: Address | null, { admit }: DoorOptions): Promise<Address> {
  if (!asked) throw notHere()
  checkInput(Object.fromEntries(asked.query), 'query')
  const { origin, host, authorization } = request.headers
  const [, bearer] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? []
  await admit({ token: bearer ?? asked.query.get('token') ?? undefined, origin, host })
  return asked
}

const notHere = () => new AppError('request.unknown_route', 'WebSockets are at /ws/chat/:videoId and at /socket.io/.')

/** Answered as HTTP, for the connection is not a WebSocket yet. */
function refuse(socket: Duplex, fault: unknown): void {
  const { status, error } = toFailure(fault, uuidv7())
  const body = JSON.stringify({ error })
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nConnection: close\r\nContent-Type: application/json\r\n`
  socket.on('error', ignore)
  // Not kept half open: a server that stops would wait for whoever does not hang up.
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => socket.destroy())
}

interface Opening extends Address {
  socket: WebSocket
  rooms: Rooms
  forget: (connection: Connection) => void
}

function connectionOf({ socket, videoId, query, rooms, forget }: Opening): Connection {
  const connection: Connection = {
    ...{ socket, videoId, isIn: false, isAlive: true },
    caller: {
      connectionId: uuidv7(),
      ...personOf({ name: query.get('name'), person: query.get('person') }),
      async enter(entered) {
        if (entered !== videoId || socket.readyState !== socket.OPEN) throw onlyHere()
        connection.isIn = true
        const room = rooms.get(videoId) ?? new Set()
        rooms.set(videoId, room.add(connection))
      },
      leave: async left => void (left === videoId && forget(connection)),
      isIn: asked => asked === videoId && connection.isIn,
    },
  }
  return connection
}

const onlyHere = () => new AppError('room.not_joined', 'This connection is for the room in its address alone.')

function serve(connection: Connection, { dispatch }: DoorOptions, since: string | null): void {
  const { socket, videoId, caller } = connection
  const send = (answer: object) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(answer), ignore)
  const request = async (event: string, payload: object, givenId?: unknown) => {
    const { data: requestId, success: isSound } = RequestId.safeParse(givenId)
    const answer = isSound
      ? await dispatch({ event, payload: { videoId, ...payload }, caller })
      : { error: toFailure(noRequestId(), uuidv7()).error }
    send({ type: cutText(event, longestName), ...(requestId === undefined ? {} : { requestId }), ...answer })
    return answer
  }
  // What it breaks is told by `close`, which follows.
  socket.on('error', ignore)
  socket.on('pong', () => {
    connection.isAlive = true
  })
  socket.on('message', (data, isBinary) => {
    const asked = isBinary ? null : readRequest(String(data))
    if (!asked) return socket.close(policyViolation, 'A request is JSON: {type, requestId?, ...}.')
    const { type, requestId, ...payload } = asked
    return void request(type, payload, requestId)
  })
  void request('room.join', since === null ? {} : { since: Number(since) }).then(answer => {
    if ('error' in answer) socket.close(policyViolation, answer.error.code)
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
