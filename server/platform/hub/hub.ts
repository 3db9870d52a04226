import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { v7 as uuidv7 } from 'uuid'
import {
  type RoomEventsFrame,
  roomsNamespace,
  type SocketNoticeName,
  type SocketRequestName,
  socketRequests,
  type VideoId,
} from '../../../shared/index.ts'
import { AppError, toFailure } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { type Bus, createLoneBus } from './bus.ts'
import type { Notify, OnLeft, SocketCaller, SocketHandlers } from './handlers.ts'
import { type Person, personOf } from './people.ts'
import type { RedisAdapter } from './redis.ts'

export interface HubOptions {
  log: Log
  metrics: Metrics
  /** Throws when the caller may not pass. */
  authenticate: (handshake: {
    token: string | undefined
    origin: string | undefined
    host: string | undefined
  }) => Promise<void>
  maxConnections: number
  /** Whose pages may connect, beside its own. */
  origins?: ReadonlySet<string>
  /** Shares the rooms with other servers. */
  redis: RedisAdapter | null
}

export interface Hub {
  attach(server: HttpServer): void
  serve(handlers: SocketHandlers): void
  /** Durable facts, to everyone in the room. */
  deliver(frame: RoomEventsFrame): void
  /** To everyone in the room, on all servers that share it. */
  notify: Notify
  /** To those in the room who are connected to this server. */
  notifyHere: Notify
  onLeft: OnLeft
  bus: Bus
  stop(): Promise<void>
}

/** Worthless a moment later: dropped when a connection is still busy. Progress is not: it follows a durable frame at once. */
const droppable = new Set<SocketNoticeName>(['typing', 'playhead'])
const maxPayloadBytes = 64 * 1024
const roomOf = (videoId: string) => `video:${videoId}`

export function createHub({ log, metrics, authenticate, maxConnections, redis, origins = new Set() }: HubOptions): Hub {
  const io = new Server({
    serveClient: false,
    maxHttpBufferSize: maxPayloadBytes,
    pingInterval: 10_000,
    pingTimeout: 8_000,
    // It takes its requests before every other door. Without cookies, as everywhere.
    ...(origins.size > 0 && { cors: { origin: [...origins] } }),
    ...(redis && { adapter: redis.adapter }),
  })
  const rooms = io.of(roomsNamespace)
  const leftListeners = new Set<(videoId: VideoId, caller: SocketCaller) => void>()

  rooms.use((socket, next) => {
    admit(socket).then(
      () => next(),
      fault => next(connectionFault(fault)),
    )
  })

  const admit = async (socket: Socket) => {
    if (rooms.sockets.size >= maxConnections)
      throw new AppError('server.busy', `This server holds ${maxConnections} connections at most.`)
    const { token, name, person } = socket.handshake.auth as { token?: unknown; name?: unknown; person?: unknown }
    const { origin, host } = socket.handshake.headers
    await authenticate({ token: typeof token === 'string' ? token : undefined, origin, host })
    socket.data = personOf({ name, person })
  }

  const serve = (handlers: SocketHandlers) => {
    rooms.on('connection', socket => {
      metrics.connections.inc()
      const caller = callerOf(socket)
      socket.onAny((event: string, ...given: unknown[]) => {
        const last = given.at(-1)
        const answer = typeof last === 'function' ? (last as (answer: object) => void) : () => {}
        dispatch(handlers, { event, payload: given[0], caller }).then(answer, fault => answer(failureOf(fault, event)))
      })
      // Still in its rooms while disconnecting: who is told of it must be known now, and told once it has gone.
      socket.on('disconnecting', () => {
        const left = [...socket.rooms].filter(room => room.startsWith('video:')).map(room => room.slice(6) as VideoId)
        socket.once('disconnect', () => {
          for (const videoId of left) for (const listener of leftListeners) listener(videoId, caller)
        })
      })
      socket.on('disconnect', () => metrics.connections.dec())
    })
  }

  const failureOf = (fault: unknown, event: string) => {
    const { error } = toFailure(fault, uuidv7())
    if (error.code === 'server.internal')
      log.error({ requestId: error.requestId, event, err: fault }, 'socket request failed')
    return { error }
  }

  return {
    attach: server => void io.attach(server),
    serve,
    deliver: frame => void rooms.to(roomOf(frame.videoId)).emit('room.events', frame),
    notify(videoId, notice, payload) {
      const room = rooms.to(roomOf(videoId))
      if (droppable.has(notice)) room.volatile.emit(notice, payload)
      else room.emit(notice, payload)
    },
    notifyHere(videoId, notice, payload) {
      const room = rooms.local.to(roomOf(videoId))
      if (droppable.has(notice)) room.volatile.emit(notice, payload)
      else room.emit(notice, payload)
    },
    onLeft: listener => void leftListeners.add(listener),
    bus: createLoneBus(uuidv7()),
    stop: () => io.close(),
  }
}

const callerOf = (socket: Socket): SocketCaller => ({
  connectionId: socket.id,
  ...(socket.data as Person),
  enter: async videoId => socket.join(roomOf(videoId)),
  leave: async videoId => socket.leave(roomOf(videoId)),
  isIn: videoId => socket.rooms.has(roomOf(videoId)),
})

async function dispatch(
  handlers: SocketHandlers,
  request: { event: string; payload: unknown; caller: SocketCaller },
): Promise<object> {
  const { event, payload, caller } = request
  if (!Object.hasOwn(socketRequests, event))
    throw new AppError('request.unknown_event', `There is no request "${event.slice(0, 60)}".`)
  const name = event as SocketRequestName
  const parsed = socketRequests[name].safeParse(payload)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    throw new AppError(
      'request.invalid',
      `The payload does not fit: ${issues.map(issue => `${issue.path}: ${issue.message}`).join('; ')}`,
      { details: { issues } },
    )
  }
  const handle = handlers[name] as (payload: unknown, caller: SocketCaller) => Promise<object>
  return { ok: true, ...(await handle(parsed.data, caller)) }
}

/** Socket.IO hands `data` to the client's `connect_error`. */
function connectionFault(fault: unknown): Error {
  const { error } = toFailure(fault, uuidv7())
  return Object.assign(new Error(error.message), { data: { error } })
}
