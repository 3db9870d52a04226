/** Members of one room, in a process of their own: `room-load.ts URL VIDEO_ID MEMBERS TALKERS SECONDS`. Prints one line of JSON. */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'

export interface RoomLoadResult {
  messagesPerSecond: number
  deliveriesPerSecond: number
  p50Ms: number
  p99Ms: number
}

const [url = '', videoId = '', ...counts] = process.argv.slice(2)
const [members = 50, talkers = 32, seconds = 3] = counts.map(Number)

let deliveries = 0
const sockets = await Promise.all(Array.from({ length: members }, (_, n) => join(n)))
const lone = await acknowledgementMs(sockets[0] as Socket, 50)
const before = deliveries
const began = performance.now()
const waits = (
  await Promise.all(sockets.slice(0, talkers).map((socket, n) => talk(socket, n, began + seconds * 1000)))
).flat()
await untilQuiet()
const elapsedSeconds = (performance.now() - began) / 1000
if (deliveries - before !== waits.length * members)
  throw new Error(`${waits.length} messages to ${members} members made ${deliveries - before} deliveries.`)
waits.sort((a, b) => a - b)
const at = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
process.stdout.write(
  `${JSON.stringify({
    messagesPerSecond: waits.length / elapsedSeconds,
    deliveriesPerSecond: (deliveries - before) / elapsedSeconds,
    p50Ms: at(waits, 0.5),
    p99Ms: at(waits, 0.99),
    loneP50Ms: at(lone, 0.5),
  })}\n`,
)
for (const socket of sockets) socket.close()

async function join(n: number): Promise<Socket> {
  const socket = io(`${url}/rooms`, { transports: ['websocket'], forceNew: true, auth: { name: `member ${n}` } })
  socket.on('room.events', frame => {
    for (const event of frame.events) if (event.type === 'message.created') deliveries++
  })
  await once(socket as never, 'connect')
  await socket.emitWithAck('room.join', { videoId })
  return socket
}

/** Speaks again as soon as the last message is acknowledged. Returns how long each acknowledgement took, in milliseconds. */
async function talk(socket: Socket, n: number, end: number): Promise<number[]> {
  const waits: number[] = []
  for (let round = 0; performance.now() < end; round++) waits.push(await say(socket, `${n} ${round} ${end}`))
  return waits
}

async function acknowledgementMs(socket: Socket, rounds: number): Promise<number[]> {
  const waits: number[] = []
  for (let round = 0; round < rounds; round++) waits.push(await say(socket, `alone ${round} ${performance.now()}`))
  await untilQuiet()
  return waits.sort((a, b) => a - b)
}

async function say(socket: Socket, clientId: string): Promise<number> {
  const began = performance.now()
  const answer = await socket.emitWithAck('message.send', {
    videoId,
    clientId,
    body: 'What a room says is about this long, mostly.',
  })
  if (!answer.ok) throw new Error(JSON.stringify(answer))
  return performance.now() - began
}

async function untilQuiet(): Promise<void> {
  for (let last = -1; last !== deliveries; ) {
    last = deliveries
    await delay(100)
  }
}
