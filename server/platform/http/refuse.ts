import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { reasonOf, toFailure } from '../errors.ts'
import type { Log } from '../log.ts'

/** Of the request, as far as there was one that could be read. */
export interface Asked {
  requestId: string
  route?: string | undefined
}

/** The fault in the contract's shape; one that is nobody's but ours is logged. */
export function failureOf(fault: unknown, log: Log, asked: Asked) {
  const failure = toFailure(fault, asked.requestId)
  if (failure.error.code === 'server.internal') log.error({ ...asked, err: fault }, 'request failed')
  if (failure.error.code === 'storage.full') log.error({ ...asked, reason: reasonOf(fault) }, 'there is no space left')
  return failure
}

function answerTo(fault: unknown, log: Log, asked: Asked) {
  const { status, error } = failureOf(fault, log, asked)
  const body = JSON.stringify({ error })
  const headers = {
    connection: 'close',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': asked.requestId,
  }
  return { status, headers, body }
}

/** For those who stand before Koa. The connection ends with it. Does nothing but hang up when an answer has begun. */
export function refuseRequest(response: ServerResponse, fault: unknown, { log, ...asked }: Asked & { log: Log }): void {
  const { status, headers, body } = answerTo(fault, log, asked)
  if (response.headersSent) response.destroy()
  else response.writeHead(status, headers).end(body)
}

/** For a connection without a request that could be answered: one that is no HTTP, or no WebSocket yet. */
export function refuseConnection(socket: Duplex, fault: unknown, { log, ...asked }: Asked & { log: Log }): void {
  const { status, headers, body } = answerTo(fault, log, asked)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${lines.join('')}\r\n`
  // Not kept half open: a server that stops would wait for whoever does not hang up.
  socket.end(head + body, () => socket.destroy())
}
