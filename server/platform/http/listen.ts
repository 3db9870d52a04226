import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError, fail, StartError } from '../errors.ts'
import type { Log } from '../log.ts'
import { mayTakeLong, type Patience } from './patience.ts'
import { refuseConnection } from './refuse.ts'

export interface Listening {
  http: Server
  url: string
  stop(): Promise<void>
}
export interface ListenOptions {
  host: string
  port: number
  patience: Patience
  log: Log
}

/** How long answers under way may go on when the server stops. */
const drainMs = 2_000
/** Node looks no more often than this for headers that are late. */
const lateCheckMs = 1_000

/** Listens. Throws `StartError` when the address can't be had. */
export async function listen(
  handle: RequestListener,
  { host, port, patience, log }: ListenOptions,
): Promise<Listening> {
  const { headersMs, silenceMs, idleMs } = patience
  const http = createServer(
    {
      // Large bodies take as long as they take: the limits are on the headers, on silence, and on other bodies (patience.ts).
      requestTimeout: 0,
      headersTimeout: headersMs,
      connectionsCheckingInterval: Math.min(lateCheckMs, headersMs),
      keepAliveTimeout: idleMs,
      // Whoever offers something else (h2c, mostly) is answered as if it had not.
      shouldUpgradeCallback: isForWebSocket,
    },
    handle,
  )
  http.timeout = silenceMs
  refuseWhatCanNotBeRead(http, patience, log)
  const close = closing(http)
  http.listen({ host, port })
  await once(http, 'listening').catch((fault: NodeJS.ErrnoException) => {
    const reason =
      fault.code === 'EADDRINUSE'
        ? 'another program listens there; set PORT to another number (0 takes any free one)'
        : fault.message
    throw new StartError(`Rushes can't listen on ${host}:${port}: ${reason}.`, { cause: fault })
  })
  // A connection that can't be accepted (too many open files) is one connection.
  http.on('error', fault => log.warn({ reason: fault.message }, 'a connection was not accepted'))
  const { address, port: taken, family } = http.address() as AddressInfo
  const shown = family === 'IPv6' ? `[${address}]` : address
  return { http, url: `http://${shown}:${taken}`, stop: close }
}

const isForWebSocket = ({ headers: { upgrade } }: IncomingMessage) => /^websocket$/i.test(upgrade ?? '')

/**
 * What can't be read as a request has a connection and nothing else. Whole requests before it get their answers first: some
 * clients send a body with GET without saying so, and it is what comes behind that is none.
 */
function refuseWhatCanNotBeRead(http: Server, { lingerMs }: Patience, log: Log): void {
  const newest = new WeakMap<Duplex, ServerResponse>()
  const ending = new WeakSet<Duplex>()
  http.on('request', (request, response) => newest.set(request.socket, response))
  http.on('clientError', (fault: NodeJS.ErrnoException, socket) => {
    const asked = { requestId: randomUUID(), log }
    const before = newest.get(socket)
    if (!socket.writable || fault.code === 'ECONNRESET') return void socket.destroy()
    // More of the same may come while the answer is made.
    if (ending.has(socket)) return
    if (before?.req.complete && !before.writableFinished) {
      ending.add(socket)
      before.shouldKeepAlive = false
      before.once('close', () => socket.destroy())
      setTimeout(() => socket.destroy(), lingerMs).unref()
      return
    }
    // Its own body can't be read, or its sender went away. Had it an answer of its own, nobody would tell those who read the
    // body that the connection is gone.
    const isOwnBody = before && !before.req.complete
    if (isOwnBody && (before.headersSent || !before.socket)) socket.destroy()
    else refuseConnection(socket, isOwnBody ? brokenOff(before.req, fault) : failureIn(fault), asked)
  })
}

const brokenOff = (request: IncomingMessage, fault: NodeJS.ErrnoException): AppError =>
  fault.code === 'HPE_INVALID_EOF_STATE' && mayTakeLong(request) ? fail('upload.interrupted') : failureIn(fault)

function failureIn({ code, message }: NodeJS.ErrnoException): AppError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new AppError('request.timeout', 'The headers did not come in time. Send it again.')
  if (code === 'HPE_HEADER_OVERFLOW') return new AppError('request.headers_too_large', 'The headers are too large.')
  return new AppError('request.malformed', `This is no request in HTTP: ${message}`)
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
