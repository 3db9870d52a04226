import { type ServerOptions, WebSocketServer } from 'ws'

/** As ws 8.23 takes it, beyond its types. */
interface Options extends ServerOptions {
  closeTimeout: number
}

/** How long whoever is ended may take to say goodbye: a place that is free again should not hold a connection for long. */
const goodbyeMs = 2_000

export function openWebSockets(given: ServerOptions): WebSocketServer {
  const options: Options = { ...given, closeTimeout: goodbyeMs }
  return new WebSocketServer(options)
}
