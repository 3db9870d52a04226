import { setTimeout as delay } from 'node:timers/promises'
import { type RoomEvent, RushesError, type RushesErrorCode } from '../../client-sdk/src/index.ts'

interface Place {
  url: string
  videoId: string
  name: string
  hear: (event: RoomEvent) => void
}
interface Frame {
  type: string
  requestId?: string
  ok?: true
  error?: { code: RushesErrorCode; message: string }
  message?: { id: string }
  events?: RoomEvent[]
}

const answerMs = 5_000
const againMs = 300

/** A room over plain WebSocket, as somebody writes it who has no client of ours: comes back, and asks for what it missed. */
export async function openPlainRoom({ url, videoId, name, hear }: Place) {
  const waiting = new Map<string, (frame: Frame) => void>()
  let seq = 0
  let isClosed = false
  let socket: WebSocket | undefined

  const take = (events: readonly RoomEvent[]) => {
    for (const event of events) {
      // One that does not follow was told before what it follows has come: joining again gives both.
      if (event.seq > seq + 1) return socket?.close()
      if (event.seq <= seq) continue
      seq = event.seq
      hear(event)
    }
  }
  const read = (frame: Frame) => {
    if (frame.requestId !== undefined) waiting.get(frame.requestId)?.(frame)
    if (frame.events) take(frame.events)
  }
  const connect = async () => {
    while (!isClosed) {
      const who = new URLSearchParams({ name, person: `the secret of ${name}`, since: String(seq) })
      socket = new WebSocket(`${url.replace('http', 'ws')}/ws/chat/${videoId}?${who}`)
      socket.onmessage = ({ data }) => read(JSON.parse(data as string) as Frame)
      const { promise: ended, resolve: end } = Promise.withResolvers<void>()
      socket.onclose = socket.onerror = () => end()
      await ended
      await delay(againMs)
    }
  }
  void connect()
  return {
    async send(message: { clientId: string; body: string }): Promise<{ id: string }> {
      if (socket?.readyState !== WebSocket.OPEN) throw noAnswer()
      const { promise, resolve, reject } = Promise.withResolvers<Frame>()
      const late = setTimeout(() => reject(noAnswer()), answerMs)
      waiting.set(message.clientId, resolve)
      socket.send(JSON.stringify({ type: 'message.send', requestId: message.clientId, ...message }))
      const frame = await promise.finally(() => {
        clearTimeout(late)
        waiting.delete(message.clientId)
      })
      if (frame.message) return frame.message
      const { code, message: sentence } = frame.error ?? { code: 'network' as const, message: 'nothing was said' }
      // Not in the room for now: as good as no connection.
      throw code === 'room.not_joined' ? noAnswer() : new RushesError(code, sentence)
    },
    close() {
      isClosed = true
      socket?.close()
    },
  }
}

const noAnswer = () => new RushesError('network', 'No answer.', { status: 0 })
