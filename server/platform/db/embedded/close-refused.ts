import type { Server } from 'node:net'
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket'

/**
 * The socket server refuses a second connection by ending it, and reads nothing of it: it never hears that the other side
 * is gone, and counts it for ever. Whoever comes back right after a broken connection may be such a second one, and would
 * then keep out everybody (pglite-socket 0.2, to be tried again with each version). To be called when it has started.
 */
export function closeRefused(sockets: PGLiteSocketServer): void {
  // What it keeps to itself is the one place where all connections pass.
  const { server } = sockets as unknown as { server: Server }
  server.on('connection', socket => socket.once('finish', () => socket.destroy()))
}
