import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { v7 as uuidv7 } from 'uuid'
import { roomsNamespace, type VideoId } from '../../../shared/index.ts'
import { checkInput } from '../check-input.ts'
import { toFailure } from '../errors.ts'
import { type Door, type DoorOptions, maxPayloadBytes, mostUnsentBytes } from './door.ts'
import type { SocketCaller } from './handlers.ts'
import { type Person, personOf } from './people.ts'

const prefix = 'video:'
const roomOf = (videoId: string) => `${prefix}${videoId}`
const videosOf = (rooms: Iterable<string>): VideoId[] =>
  [...rooms].filter(room => room.startsWith(prefix)).map(room => room.slice(prefix.length) as VideoId)

/** Engine.IO's connection as it is in 6.6, beyond its types: packets that wait, and the WebSocket below them. */
interface EngineConnection {
  writeBuffer: readonly { data?: { length: number } }[]
  transport: { socket?: { bufferedAmount?: number } }
}
const unsentBytes = ({ writeBuffer, transport }: EngineConnection): number =>
  writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), transport.socket?.bufferedAmount ?? 0)

export interface SocketIoDoor extends Door {
  attach(server: HttpServer): void
}

export function createSocketIoDoor(options: DoorOptions, origins: ReadonlySet<string>): SocketIoDoor {
  const io = new Server({
    serveClient: false,
    maxHttpBufferSize: maxPayloadBytes,
    // A connection that died without a word is gone within ten seconds. Any quicker, and a phone that changes its cell is
    // thrown out; a ping every five seconds costs 1,000 people 200 small frames a second.
    pingInterval: 5_000,
    pingTimeout: 5_000,
    // Another door is beside it, which refuses what neither of them knows.
    destroyUpgrade: false,
    // It takes its requests before every other door. Without cookies, as everywhere.
    ...(origins.size > 0 && { cors: { origin: [...origins] } }),
  })
  const rooms = io.of(roomsNamespace)
  rooms.use((socket, next) => {
    enter(socket, options).then(
      () => next(),
      fault => next(refusal(fault)),
    )
  })
  rooms.on('connection', socket => serve(socket, options))

  return {
    attach: server => void io.attach(server),
    tell(videoId, name, payload) {
      // Never volatile: Socket.IO drops that as soon as anything else is on its way in the same moment.
      rooms.to(roomOf(videoId)).emit(name, payload)
    },
    rooms: () => videosOf(rooms.adapter.rooms.keys()),
    get size() {
      return rooms.sockets.size
    },
    dropSlow() {
      const connections = [...rooms.sockets.values()].map(({ conn }) => conn)
      const slow = connections.filter(conn => unsentBytes(conn as unknown as EngineConnection) > mostUnsentBytes)
      for (const conn of slow) conn.close(true)
      return slow.length
    },
    async stop() {
      io.disconnectSockets(true)
      // It closes the HTTP server too, and would wait for the slowest of its connections: that is for the server's own
      // stop, which comes next and has a limit.
      void io.close()
    },
  }
}

async function enter(socket: Socket, { admit }: DoorOptions): Promise<void> {
  checkInput(socket.handshake.auth, 'auth')
  const { token, name, person } = socket.handshake.auth as { token?: unknown; name?: unknown; person?: unknown }
  const { origin, host } = socket.handshake.headers
  await admit({ token: typeof token === 'string' ? token : undefined, origin, host })
  socket.data = personOf({ name, person })
}

function serve(socket: Socket, { dispatch, onConnected, onDisconnected, onLeft }: DoorOptions): void {
  onConnected()
  const caller = callerOf(socket)
  socket.onAny((event: unknown, ...given: unknown[]) => {
    const last = given.at(-1)
    const answer = typeof last === 'function' ? (last as (answer: object) => void) : () => {}
    void dispatch({ event, payload: given[0], caller }).then(answer)
  })
  // Still in its rooms while disconnecting: who is told of it must be known now, and told once it has gone.
  socket.on('disconnecting', () => {
    const left = videosOf(socket.rooms)
    socket.once('disconnect', () => {
      for (const videoId of left) onLeft(videoId, caller)
    })
  })
  socket.on('disconnect', onDisconnected)
}

const callerOf = (socket: Socket): SocketCaller => ({
  connectionId: socket.id,
  ...(socket.data as Person),
  enter: async videoId => socket.join(roomOf(videoId)),
  leave: async videoId => socket.leave(roomOf(videoId)),
  isIn: videoId => socket.rooms.has(roomOf(videoId)),
})

/** Socket.IO hands `data` to the client's `connect_error`. */
function refusal(fault: unknown): Error {
  const { error } = toFailure(fault, uuidv7())
  return Object.assign(new Error(error.message), { data: { error } })
}
