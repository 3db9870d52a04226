/**
 * What a room's message costs when nothing is kept: Socket.IO alone, which tells all members and acknowledges. With the
 * address of a Redis, several of them share their rooms by Socket.IO's own adapter.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdapter } from '@socket.io/redis-streams-adapter'
import { createClient } from 'redis'
import { Server } from 'socket.io'

const [redisUrl] = process.argv.slice(2)
const redis = redisUrl === undefined ? null : await createClient({ url: redisUrl }).connect()
const http = createServer()
const io = new Server(http, { serveClient: false, ...(redis && { adapter: createAdapter(redis) }) })
io.of('/rooms').on('connection', socket => {
  socket.on('room.join', async (_payload, acknowledge) => {
    await socket.join('room')
    acknowledge({ ok: true, seq: 0 })
  })
  socket.on('message.send', (payload, acknowledge) => {
    const message = {
      id: payload.clientId,
      kind: 'message',
      author: socket.handshake.auth.name,
      ...payload,
      createdAt: new Date().toISOString(),
    }
    io.of('/rooms')
      .to('room')
      .emit('room.events', { videoId: payload.videoId, events: [{ type: 'message.created', payload: { message } }] })
    acknowledge({ ok: true, message })
  })
})
http.listen(0, '127.0.0.1')
await once(http, 'listening')
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` })}\n`)
