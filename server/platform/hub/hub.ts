import type { Server as HttpServer } from 'node:http'
import type { RoomEventsFrame, SocketNoticeName, SocketNotices, VideoId } from '../../../shared/index.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { type Audience, createAudience } from './audience.ts'
import type { Bus } from './bus.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import type { Door, DoorOptions } from './door.ts'
import type { Notify, OnLeft, SocketCaller, SocketHandlers } from './handlers.ts'
import { createPlainDoor } from './plain-door.ts'
import { createSocketIoDoor } from './socket-io-door.ts'

export interface HubOptions {
  log: Log
  metrics: Pick<Metrics, 'connections' | 'slowConnections'>
  /** Throws when the caller may not pass. */
  authenticate: DoorOptions['admit']
  maxConnections: number
  /** Whose pages may connect, beside its own. */
  origins?: ReadonlySet<string>
  /** Shares the rooms with other servers. */
  bus: Bus
}

export interface Hub {
  attach(server: HttpServer): void
  serve(handlers: SocketHandlers): void
  /** Durable facts, to everyone in the room who is connected to this server: each server hears of each fact itself. */
  deliver(frame: RoomEventsFrame): void
  /** To everyone in the room, on all servers that share it. */
  notify: Notify
  /** To those in the room who are connected to this server. */
  notifyHere: Notify
  /** Streams of events over HTTP listen without being members. */
  listen: Audience['listen']
  onLeft: OnLeft
  bus: Bus
  /** Rooms that someone on this server is in, or listens to. */
  occupied(): VideoId[]
  stop(): Promise<void>
}

interface Notice<N extends SocketNoticeName = SocketNoticeName> {
  videoId: VideoId
  name: N
  payload: SocketNotices[N]
}

const slowCheckMs = 2_000

/** All doors of this server, and what is told through them. It knows no domain. */
export function createHub({ log, metrics, authenticate, maxConnections, bus, origins = new Set() }: HubOptions): Hub {
  const audience = createAudience()
  const leftListeners = new Set<(videoId: VideoId, caller: SocketCaller) => void>()
  let dispatch: Dispatch | undefined
  const full = () => new AppError('server.busy', `This server holds ${maxConnections} connections at most.`)
  const connections = () => doors.reduce((sum, door) => sum + door.size, 0)

  const options: DoorOptions = {
    async admit(shown) {
      if (connections() >= maxConnections) throw full()
      return authenticate(shown)
    },
    dispatch: asked => {
      if (!dispatch) throw new Error('A door was opened before the domains were there.')
      return dispatch(asked)
    },
    onConnected: () => metrics.connections.inc(),
    onDisconnected: () => metrics.connections.dec(),
    onLeft(videoId, caller) {
      for (const listener of leftListeners) listener(videoId, caller)
    },
  }
  const socketIo = createSocketIoDoor(options, origins)
  const plain = createPlainDoor(options)
  const doors: Door[] = [socketIo, plain]

  const notifyHere: Notify = (videoId, name, payload) => {
    for (const door of doors) door.tell(videoId, name, payload)
    audience.tell(videoId, name, payload)
  }
  bus.on<Notice>('notice', ({ videoId, name, payload }) => notifyHere(videoId, name, payload))
  const slowCheck = setInterval(() => {
    for (const door of doors) metrics.slowConnections.inc(door.dropSlow())
  }, slowCheckMs)
  slowCheck.unref()

  return {
    attach(server) {
      plain.attach(server)
      socketIo.attach(server)
    },
    serve(handlers) {
      dispatch = createDispatch(handlers, log)
    },
    deliver: frame => notifyHere(frame.videoId, 'room.events', frame),
    notify(videoId, name, payload) {
      notifyHere(videoId, name, payload)
      bus.publish('notice', { videoId, name, payload })
    },
    notifyHere,
    listen(videoId, tell) {
      if (connections() + audience.size >= maxConnections) throw full()
      return audience.listen(videoId, tell)
    },
    onLeft: listener => void leftListeners.add(listener),
    bus,
    occupied: () => [...new Set([...doors.flatMap(door => [...door.rooms()]), ...audience.rooms()])],
    async stop() {
      clearInterval(slowCheck)
      await Promise.all(doors.map(door => door.stop()))
    },
  }
}
