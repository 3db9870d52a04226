import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { StartError } from '../errors.ts'

export interface Listening {
  http: Server
  url: string
  stop(): Promise<void>
}

/** How long answers under way may go on when the server stops. */
const drainMs = 2_000

/** Listens. Throws `StartError` when the address can't be had. */
export async function listen(
  handle: RequestListener,
  { HOST, PORT }: { HOST: string; PORT: number },
): Promise<Listening> {
  // Uploads take as long as they take: the time limit is on the headers and on silence, not on the whole request.
  const http = createServer({ requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: 65_000 }, handle)
  const close = closing(http)
  http.listen({ host: HOST, port: PORT })
  await once(http, 'listening').catch((fault: NodeJS.ErrnoException) => {
    const reason =
      fault.code === 'EADDRINUSE'
        ? 'another program listens there; set PORT to another number (0 takes any free one)'
        : fault.message
    throw new StartError(`Rushes can't listen on ${HOST}:${PORT}: ${reason}.`, { cause: fault })
  })
  const { address, port, family } = http.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  return { http, url: `http://${host}:${port}`, stop: close }
}

/** Knows all connections, also those that became WebSockets, which Node's own closing does not count. */
function closing(http: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  const closed = new Promise<void>(resolve => http.once('close', resolve))
  http.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async () => {
    // The hub may have begun it.
    if (http.listening) http.close()
    const cutOff = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, drainMs)
    await closed
    clearTimeout(cutOff)
  }
}
