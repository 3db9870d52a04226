import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
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
  return { http, url: `http://${host}:${port}`, stop: () => closeServer(http) }
}

async function closeServer(http: Server): Promise<void> {
  if (!http.listening) return
  const closed = once(http, 'close')
  http.close()
  const cutOff = setTimeout(() => http.closeAllConnections(), drainMs)
  await closed
  clearTimeout(cutOff)
}
