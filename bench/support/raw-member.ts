import { once } from 'node:events'
import { WebSocket } from 'ws'

/**
 * A member of a room that speaks Socket.IO's protocol (version 5, over Engine.IO 4 on a WebSocket) itself and takes
 * nothing apart that it doesn't have to: so that the load costs little beside the server that is measured, and the same
 * for every server.
 */
export interface RawMember {
  /** Messages that arrived, in however many frames. */
  readonly deliveries: number
  /** Sends a request and resolves with the text of its acknowledgement. */
  request(name: string, payload: object): Promise<string>
  close(): void
}

const namespace = '/rooms'
const eventPrefix = Buffer.from(`42${namespace},["room.events"`)
const ackPrefix = Buffer.from(`43${namespace},`)
const created = Buffer.from('"message.created"')

export async function joinRaw(url: string, { videoId, name }: { videoId: string; name: string }): Promise<RawMember> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
  })
  const waiting = new Map<number, (text: string) => void>()
  let deliveries = 0
  let requests = 0
  let entered = () => {}
  const isIn = new Promise<void>(resolve => {
    entered = resolve
  })
  socket.on('message', (data: Buffer) => {
    if (startsWith(data, eventPrefix)) deliveries += count(data, created)
    else if (startsWith(data, ackPrefix)) {
      const text = data.toString('utf8', ackPrefix.length)
      const at = text.indexOf('[')
      const id = Number(text.slice(0, at))
      waiting.get(id)?.(text.slice(at))
      waiting.delete(id)
    } else if (data[0] === 0x32) socket.send('3')
    else if (data[0] === 0x30) socket.send(`40${namespace},${JSON.stringify({ name })}`)
    else if (data.toString('utf8', 0, 2 + namespace.length) === `40${namespace}`) entered()
  })
  await once(socket, 'open')
  await isIn
  const request = (event: string, payload: object) =>
    new Promise<string>(resolve => {
      const id = requests++
      waiting.set(id, resolve)
      socket.send(`42${namespace},${id}${JSON.stringify([event, payload])}`)
    })
  await request('room.join', { videoId })
  return {
    get deliveries() {
      return deliveries
    },
    request,
    close: () => socket.terminate(),
  }
}

const startsWith = (data: Buffer, prefix: Buffer) => data.subarray(0, prefix.length).equals(prefix)

function count(data: Buffer, sought: Buffer): number {
  let found = 0
  for (let at = data.indexOf(sought); at >= 0; at = data.indexOf(sought, at + sought.length)) found++
  return found
}
