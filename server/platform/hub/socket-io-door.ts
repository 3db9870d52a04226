import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { v7 as uuidv7 } from 'uuid'
import type { ServerOptions } from 'ws'
import { type StreamId, socketNamespace } from '../../../shared/index.ts'
import type { Caller } from '../caller.ts'
import { AppError, messageOf, toFailure } from '../errors.ts'
import { bearerIn, failureOf, refuseConnection, refuseRequest } from '../http/index.ts'
import type { Log } from '../log.ts'
import { type Door, type DoorOptions, maxPayloadBytes, mostUnsentBytes, shownKey } from './door.ts'
import type { SocketCaller } from './handlers.ts'
import { createLine } from './line.ts'
import { checkShown, type Person, personOf } from './people.ts'
import { openWebSockets } from './web-sockets.ts'

/** Socket.IO puts each connection into a group of its own, too; the others are named after streams. */
const streamsOf = (groups: Iterable<string>, connections: ReadonlyMap<string, Socket>): StreamId[] =>
  [...groups].filter(name => !connections.has(name)) as StreamId[]

/** Engine.IO's connection as it is in 6.6, beyond its types: packets that wait, and the WebSocket below them. */
interface EngineConnection {
  writeBuffer: readonly { data?: { length: number } }[]
  transport: { socket?: { bufferedAmount?: number } }
}
const unsentBytes = ({ writeBuffer, transport }: EngineConnection): number =>
  writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), transport.socket?.bufferedAmount ?? 0)

/** As Engine.IO hands it over: with the answer, where it is no upgrade. */
type EngineRequest = IncomingMessage & { res?: ServerResponse }

export interface SocketIoDoor extends Door {
  isAskedBy(request: IncomingMessage): boolean
  answer(request: IncomingMessage, response: ServerResponse): void
}

/** Whoever has not entered the namespace by then is ended. */
const enterWithinMs = 10_000

export function createSocketIoDoor(options: DoorOptions, origins: ReadonlySet<string>): SocketIoDoor {
  const io = new Server({
    serveClient: false,
    maxHttpBufferSize: maxPayloadBytes,
    // A connection that died without a word is gone within ten seconds. Any quicker, and a phone that changes its cell is
    // thrown out; a ping every five seconds costs 1,000 people 200 small frames a second.
    pingInterval: 5_000,
    pingTimeout: 5_000,
    connectTimeout: enterWithinMs,
    // It is called with `new`.
    wsEngine: function openEngine(given: ServerOptions) {
      return openWebSockets(given)
    },
    allowRequest: (request, allow) => letIn(request, allow, options),
    // It takes its requests before every other door. Without cookies, as everywhere.
    ...(origins.size > 0 && { cors: { origin: [...origins] } }),
  })
  // It never listens: what is handed to it is chosen here.
  const inner = createServer()
  io.attach(inner)
  io.engine.on('connection', (connection: Socket['conn']) => {
    try {
      connection.once('close', options.places.take())
    } catch {
      connection.close(true) // the last place went to another one of the same turn
    }
  })
  // There is always a default namespace. Nobody is let in: it would ask for no key.
  io.use((_, next) => next(refusal(notHere(), options.log)))
  const namespace = io.of(socketNamespace)
  namespace.use((socket, next) => {
    enter(socket, options).then(
      () => next(),
      fault => {
        next(refusal(fault, options.log))
        // What it is told goes out first. It holds no place until somebody finds that it came for nothing.
        setImmediate(() => socket.conn.close())
      },
    )
  })
  namespace.on('connection', socket => serve(socket, options))

  return {
    isAskedBy: ({ url = '' }) => url.startsWith('/socket.io/'),
    answer: (request, response) => void inner.emit('request', request, response),
    upgrade: ({ request, socket, head }) => void inner.emit('upgrade', request, socket, head),
    tell(stream, name, payload) {
      // Never volatile: Socket.IO drops that as soon as anything else is on its way in the same turn.
      namespace.to(stream).emit(name, payload)
    },
    occupied: () => streamsOf(namespace.adapter.rooms.keys(), namespace.sockets),
    dropSlow() {
      const connections = [...namespace.sockets.values()].map(({ conn }) => conn)
      const slow = connections.filter(conn => unsentBytes(conn as unknown as EngineConnection) > mostUnsentBytes)
      for (const conn of slow) conn.close(true)
      return slow.length
    },
    async stop() {
      io.disconnectSockets(true)
      await io.close()
    },
  }
}

interface Entered {
  by: Caller
  person: Person
}

/** A new connection, not yet taken by the engine. It is refused as HTTP, where the failure still has its shape. */
function letIn(request: EngineRequest, allow: (fault: null, isAllowed: boolean) => void, options: DoorOptions): void {
  try {
    options.places.check()
    allow(null, true)
  } catch (fault) {
    const asked = { requestId: uuidv7(), log: options.log }
    if (request.res) refuseRequest(request.res, fault, asked)
    else refuseConnection(request.socket, fault, asked)
  }
}

async function enter(socket: Socket, { admit, callerAddress }: DoorOptions): Promise<void> {
  checkShown(socket.handshake.auth, 'auth')
  const { token, name, person } = socket.handshake.auth as { token?: unknown; name?: unknown; person?: unknown }
  const { headers } = socket.handshake
  const { origin, host } = headers
  const by = await admit({ token: bearerIn(headers) ?? shownKey(token), origin, host })
  const address = callerAddress(socket.request)
  socket.data = { by, person: personOf({ name, person }, { by, address }) } satisfies Entered
}

function serve(socket: Socket, { dispatch, onLeft, log }: DoorOptions): void {
  const caller = callerOf(socket)
  const line = createLine(dispatch)
  socket.onAny((event: unknown, ...given: unknown[]) => {
    const last = given.at(-1)
    const answer = typeof last === 'function' ? (last as (answer: object) => void) : () => {}
    line
      .ask({ event, payload: given[0], caller })
      .then(answer)
      .catch(fault => {
        log.error({ event, reason: messageOf(fault) }, 'an answer could not be sent')
        socket.disconnect(true)
      })
  })
  // Still in its streams while disconnecting: who is told of it must be known now, and told once it has gone.
  socket.on('disconnecting', () => {
    const left = streamsOf(socket.rooms, socket.nsp.sockets)
    socket.once('disconnect', () => {
      for (const stream of left) onLeft(stream, caller)
    })
  })
  const release = (socket.data as Entered).by.permit.onEnd(fault => {
    socket.emit('access.ended', { error: toFailure(fault, uuidv7()).error })
    socket.disconnect(true)
  })
  socket.on('disconnect', () => {
    line.end()
    release()
    // There is nothing else that a connection could be for.
    socket.conn.close()
  })
}

function callerOf(socket: Socket): SocketCaller {
  const { by, person } = socket.data as Entered
  return {
    ...{ connectionId: socket.id, by, ...person },
    enter: async stream => socket.join(stream),
    leave: async stream => socket.leave(stream),
    isIn: stream => socket.rooms.has(stream),
  }
}

const notHere = () => new AppError('request.unknown_route', `Ask in the namespace ${socketNamespace}.`)

/** Socket.IO hands `data` to the client's `connect_error`. */
function refusal(fault: unknown, log: Log): Error {
  const { error } = failureOf(fault, log, { requestId: uuidv7() })
  return Object.assign(new Error(error.message), { data: { error } })
}
