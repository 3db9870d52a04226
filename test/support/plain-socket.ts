import { once } from 'node:events'
import { WebSocket } from 'ws'
import { until } from './until.ts'

export type Frame = {
  type: string
  requestId?: unknown
  ok?: true
  error?: { code: string; message: string }
} & Record<string, unknown>

export interface PlainSocket extends Disposable {
  /** What came, in order. */
  frames: Frame[]
  send(text: string): void
  /** Sends it under a number, and waits for the answer. */
  ask(type: string, payload: object): Promise<Frame>
}

/** A client that knows nothing but WebSocket and JSON, in the room of its address. */
export async function openPlainSocket(
  { url, localAddress }: { url: string; localAddress?: string },
  videoId: string,
  query: Record<string, string> = {},
): Promise<PlainSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/chat/${videoId}?${new URLSearchParams(query)}`, {
    ...(localAddress && { localAddress }),
  })
  const frames: Frame[] = []
  socket.on('message', data => frames.push(JSON.parse(String(data))))
  await once(socket, 'open')
  await until('it is in the room', () => frames.some(({ type }) => type === 'room.join'))
  let requests = 0
  return {
    frames,
    send: text => socket.send(text),
    async ask(type, payload) {
      const requestId = ++requests
      socket.send(JSON.stringify({ type, requestId, ...payload }))
      return until(`an answer to ${type}`, () => frames.find(frame => frame.requestId === requestId))
    },
    [Symbol.dispose]: () => socket.terminate(),
  }
}
