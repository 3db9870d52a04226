import type { Server as HttpServer, RequestListener } from 'node:http'
import type { Counter, Gauge } from 'prom-client'
import { v7 as uuidv7 } from 'uuid'
import type { StreamId } from '../../../shared/index.ts'
import { createErrands, type Errands } from '../errands.ts'
import { type CallerAddress, createCallerAddress } from '../http/index.ts'
import type { Log } from '../log.ts'
import { type Audience, createAudience } from './audience.ts'
import type { Bus } from './bus.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import type { Door, DoorOptions } from './door.ts'
import type { Notify, OnLeft, SocketCaller, SocketHandlers } from './handlers.ts'
import type { Paces } from './paces.ts'
import { createPlaces, type Places } from './places.ts'
import { createPlainDoor, type PlainDoorPurpose } from './plain-door.ts'
import { type NotifyAll, type SharedNoticePayloads, sharedNotice } from './shared-notices.ts'
import { createSocketIoDoor } from './socket-io-door.ts'

export interface HubOptions {
  log: Log
  errands?: Errands
  metrics: {
    /** Open ones. */
    connections: Gauge
    /** Those that were ended because they could not keep up. */
    slowConnections: Counter
  }
  /** Throws when the caller may not pass. */
  authenticate: DoorOptions['admit']
  maxConnections: number
  /** How often each one may ask. */
  paces: Paces
  /** Where a connection comes from; its peer, unless given. */
  callerAddress?: CallerAddress
  /** Whose pages may connect, beside its own. */
  origins?: ReadonlySet<string>
  /** Where servers share what they tell. */
  bus: Bus
  /** What may come of them from other servers. */
  sharedNotices: SharedNoticePayloads
  /** What the plain door is for. */
  plainDoor: PlainDoorPurpose
}

export interface Hub {
  /** Takes the requests that are for sockets, and leaves the rest to `otherwise`. */
  answer(otherwise: RequestListener): RequestListener
  /** Takes the connections that want to become sockets. */
  attach(server: HttpServer): void
  serve(handlers: SocketHandlers): void
  /** To everyone in the stream, on all servers that share it. */
  notify: NotifyAll
  /** To those in the stream who are connected to this server. */
  notifyHere: Notify
  /** Server-sent events listen without having entered. */
  listen: Audience['listen']
  onLeft: OnLeft
  bus: Bus
  /** Streams that someone on this server is in, or listens to. */
  occupied(): StreamId[]
  stop(): Promise<void>
}

const slowCheckMs = 2_000

/** All doors of this server, and what is told through them. It knows no domain. */
export function createHub(given: HubOptions): Hub {
  const { log, metrics, authenticate, maxConnections, bus, origins = new Set(), errands = createErrands() } = given
  const { callerAddress = createCallerAddress([]) } = given
  const audience = createAudience()
  const leftListeners = new Set<(stream: StreamId, caller: SocketCaller) => void>()
  let dispatch: Dispatch | undefined
  const places = createPlaces(maxConnections)

  const options: DoorOptions = {
    admit: authenticate,
    callerAddress,
    places: counted(places, metrics.connections),
    log,
    dispatch: asked => {
      const answer = dispatch
      if (!answer) throw new Error('A door was opened before the domains were there.')
      const errand = { requestId: asked.caller.connectionId, door: 'socket', what: String(asked.event).slice(0, 60) }
      return errands.run(errand, () => answer(asked))
    },
    onLeft(stream, caller) {
      for (const listener of leftListeners) listener(stream, caller)
    },
  }
  const socketIo = createSocketIoDoor(options, origins)
  const plain = createPlainDoor(options, given.plainDoor)
  const doors: Door[] = [socketIo, plain]

  const notifyHere: Notify = (stream, name, payload) => {
    for (const door of doors) door.tell(stream, name, payload)
    audience.tell(stream, name, payload)
  }
  bus.on('notice', sharedNotice(given.sharedNotices), ({ stream, name, payload }) => notifyHere(stream, name, payload))
  const slowCheck = setInterval(() => {
    for (const door of doors) metrics.slowConnections.inc(door.dropSlow())
  }, slowCheckMs)
  slowCheck.unref()

  return {
    answer: otherwise => (request, response) =>
      socketIo.isAskedBy(request) ? socketIo.answer(request, response) : otherwise(request, response),
    attach(server) {
      server.on('upgrade', (request, socket, head) => {
        // Before anything is waited for: one that is reset meanwhile is told of by its `close`, and harms nobody.
        socket.on('error', ignore)
        if (socket.destroyed) return
        const requestId = uuidv7()
        const door = socketIo.isAskedBy(request) ? socketIo : plain
        const errand = { requestId, door: 'upgrade', what: request.url ?? '' }
        errands.run(errand, () => door.upgrade({ requestId, request, socket, head }))
      })
    },
    serve(handlers) {
      dispatch = createDispatch({ handlers, paces: given.paces, log })
    },
    notify(stream, name, payload) {
      notifyHere(stream, name, payload)
      bus.publish('notice', { stream, name, payload })
    },
    notifyHere,
    listen(stream, tell) {
      const leave = places.take()
      const unlisten = audience.listen(stream, tell)
      return () => {
        unlisten()
        leave()
      }
    },
    onLeft: listener => void leftListeners.add(listener),
    bus,
    occupied: () => [...new Set([...doors.flatMap(door => [...door.occupied()]), ...audience.occupied()])],
    async stop() {
      clearInterval(slowCheck)
      await Promise.all(doors.map(door => door.stop()))
    },
  }
}

const ignore = () => {}

/** The same places; how many are taken is told. */
const counted = (places: Places, open: HubOptions['metrics']['connections']): Places => ({
  check: places.check,
  take() {
    const leave = places.take()
    open.inc()
    return () => {
      leave()
      open.dec()
    }
  },
})
