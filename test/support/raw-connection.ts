import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawConnection extends Disposable {
  socket: Socket
  /** All that came so far. */
  readonly received: string
  /** Resolves when it is over, whoever ended it. */
  closed: Promise<unknown>
}

/** A caller who writes what no library would. */
export async function openRaw(url: string, text: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  const closed = new Promise(resolve => socket.once('close', resolve))
  let received = ''
  socket.on('error', () => {}) // told by `closed`
  socket.setEncoding('latin1').on('data', part => {
    received += part
  })
  await once(socket, 'connect')
  socket.write(text)
  return {
    socket,
    get received() {
      return received
    },
    closed,
    [Symbol.dispose]: () => socket.destroy(),
  }
}

/** A request that asks for a WebSocket. */
export const upgradeTo = (path: string, headers: Record<string, string> = {}): string =>
  [
    `GET ${path} HTTP/1.1`,
    ...['Host: rushes', 'Connection: Upgrade', 'Upgrade: websocket'],
    ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n')
