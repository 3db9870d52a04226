import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRushes, type Room } from '../../client-sdk/src/index.ts'
import { createMetrics } from '../../server/metrics.ts'
import { localCaller } from '../../server/platform/caller.ts'
import { type Bus, createHub, createPaces, type SocketHandlers } from '../../server/platform/hub/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { lastingPermit } from '../../server/platform/permit.ts'
import { createRooms, plainRooms, type RoomTimes } from '../../server/rooms/index.ts'
import { sharedNotices } from '../../server/shared-notices.ts'
import type { Video, VideoId } from '../../shared/index.ts'

/** A bus in memory between servers of one process, which can be told to lose what it is given. */
export interface LoopbackBus {
  connect(serverId: string): Bus
  /** Neither hears nor is heard from now on. */
  silence(serverId: string): void
  mend(serverId: string): void
  /** How many letters of a kind were told. */
  told(kind: string): number
  /** Share of all letters that get lost, from 0 to 1. */
  lose(share: number, random?: () => number): void
}

type Hear = (payload: object, from: string) => void

/** A letter that doesn't fit fails the test. */
export function createLoopbackBus(): LoopbackBus {
  const servers = new Map<string, (kind: string, payload: object, from: string) => void>()
  const silent = new Set<string>()
  const counts = new Map<string, number>()
  let chance = () => false
  return {
    connect(serverId) {
      const listeners = new Map<string, Set<Hear>>()
      servers.set(serverId, (kind, payload, from) => {
        for (const listener of listeners.get(kind) ?? []) listener(payload, from)
      })
      return {
        serverId,
        isShared: true,
        publish(kind, payload) {
          counts.set(kind, (counts.get(kind) ?? 0) + 1)
          const text = JSON.stringify(payload)
          for (const [other, hear] of servers) {
            if (other === serverId || silent.has(serverId) || silent.has(other) || chance()) continue
            setImmediate(() => hear(kind, JSON.parse(text), serverId))
          }
        },
        on(kind, schema, listener) {
          const ofKind = listeners.get(kind) ?? new Set()
          const hear: Hear = (payload, from) => listener(schema.parse(payload), from)
          listeners.set(kind, ofKind.add(hear))
          return () => void ofKind.delete(hear)
        },
      }
    },
    silence: serverId => void silent.add(serverId),
    mend: serverId => void silent.delete(serverId),
    told: kind => counts.get(kind) ?? 0,
    lose(share, random = Math.random) {
      chance = () => random() < share
    },
  }
}

export interface RoomsServer extends AsyncDisposable {
  url: string
  serverId: string
  metrics: ReturnType<typeof createMetrics>
  /** Each notice that it told its own connections, by name. */
  told: Map<string, number>
  /** Of a person, in a room that is there. */
  join(options: { name: string; person?: string; url?: string }): Promise<Room>
  /** As it ends well. */
  stop(): Promise<void>
}

export const roomId = '0190aaaa-0000-7000-8000-000000000001' as VideoId
const video = { id: roomId, title: 'one', progress: { percent: 0, stages: [] }, links: {} } as unknown as Video

export interface RoomsServerOptions {
  bus: LoopbackBus
  serverId: string
  times?: Partial<RoomTimes>
  nowMs?: () => number
}

const unlimited = { perSecond: 0, burst: 1 }

/** The rooms of one server behind its real door, without a database: nothing durable happens in them. */
export async function startRoomsServer({ bus, serverId, times, nowMs }: RoomsServerOptions): Promise<RoomsServer> {
  const metrics = createMetrics()
  const log = createLog({ level: 'error', pretty: false })
  const admitting = { authenticate: async () => localCaller(lastingPermit), maxConnections: 10_000 }
  const hub = createHub({
    log,
    metrics,
    bus: bus.connect(serverId),
    ...admitting,
    paces: createPaces({ talk: unlimited, signal: unlimited, reading: unlimited }, metrics),
    sharedNotices,
    plainDoor: plainRooms,
  })
  const told = new Map<string, number>()
  const notifyHere: typeof hub.notifyHere = (stream, name, payload) => {
    told.set(name, (told.get(name) ?? 0) + 1)
    hub.notifyHere(stream, name, payload)
  }
  const rooms = createRooms({
    ...{ ...hub, notifyHere, metrics, log },
    videos: { get: async () => video },
    journal: { since: async () => [], head: async () => 0, onCommitted: () => () => {} },
    answers: { inProgress: () => [] },
    messages: { recent: async () => [], arrive: async () => ({ seq: 0, messages: 0, mentions: 0 }) },
    ...(times && { times }),
    ...(nowMs && { nowMs }),
  })
  hub.serve(rooms.live as SocketHandlers)
  const http = createServer(hub.answer((_, response) => void response.writeHead(404).end('{}')))
  hub.attach(http)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= hub
      .stop()
      .then(rooms.stop)
      .then(() => void http.close())
    return stopping
  }
  return {
    ...{ url: address, serverId, metrics, told, stop },
    join: ({ url = address, ...who }) => createRushes({ url, ...who }).rooms.join(roomId),
    [Symbol.asyncDispose]: stop,
  }
}

/** Short times, so that nobody waits long. */
export const quickTimes: Partial<RoomTimes> = {
  rosterEveryMs: 20,
  beatEveryMs: 100,
  deadAfterMs: 400,
  presenceEveryMs: 20,
}
