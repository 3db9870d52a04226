import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { type Message, MessageId, type RoomEvent, type Video, VideoId } from '../../shared/index.ts'

export const videoId = VideoId.parse('0190aaaa-0000-7000-8000-000000000001')
const at = '2026-01-01T00:00:00.000Z'

export const video = {
  id: videoId,
  title: 'one',
  status: 'processing',
  progress: { percent: 0, stages: [{ name: 'transcript', state: 'pending', percent: 0 }] },
  links: {
    stream: '/s',
    hls: null,
    thumbnail: null,
    storyboard: null,
    waveform: null,
    scenes: null,
    transcript: null,
    page: '/p',
  },
} as unknown as Video

/** A fact that renames the video to its own number. */
export const renamed = (seq: number): RoomEvent => ({
  seq,
  at,
  type: 'video.renamed',
  payload: { title: `title ${seq}` },
})

export const messageOf = (id: number, message: Partial<Message> = {}): Message => ({
  id: MessageId.parse(`0190aaaa-0000-7000-8000-${String(id).padStart(12, '0')}`),
  ...{ videoId, kind: 'message', author: 'Ada', authorId: null, clientId: null, body: `message ${id}` },
  ...{ atSeconds: null, endSeconds: null, replyTo: null, mentions: [], reactions: [], citations: [], engine: null },
  ...{ usage: null, createdAt: at, editedAt: null, ...message },
})

type Answer = (answer: object) => void
interface RoomPayload {
  clientId: string
  body: string
  since?: number
}
type Requests = Record<string, (payload: RoomPayload, answer: Answer, socket: Socket) => void>

/**
 * A stand-in that speaks the room's protocol and has the faults that a healthy server has not: it loses, repeats and
 * withholds. `log` is what it replays from.
 */
export async function listenAsRoom(requests: Requests = {}) {
  const http = createServer()
  const io = new Server(http, { pingInterval: 5000 })
  const log: RoomEvent[] = []
  const asked: { name: string; payload: Record<string, unknown> }[] = []
  const handlers: Requests = {
    'room.join': ({ since }, answer) =>
      answer({
        ok: true,
        video,
        memberId: 'me',
        ...{ members: [], messages: [], answers: [], isSnapshot: false },
        playback: { leader: null, atSeconds: 0, playing: false, rate: 1, clockMs: 0 },
        unread: { seq: log.length, messages: 0, mentions: 0 },
        seq: log.length,
        events: since === undefined ? [] : log.slice(since),
      }),
    'room.replay': ({ since }, answer) => answer({ ok: true, events: log.slice(since) }),
    ...requests,
  }
  const rooms = io.of('/rooms')
  rooms.on('connection', socket => {
    socket.onAny((name: string, payload, answer: Answer = () => {}) => {
      asked.push({ name, payload })
      handlers[name]?.(payload, answer, socket)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    io: rooms,
    log,
    asked,
    askedFor: (name: string) => asked.filter(each => each.name === name).map(each => each.payload),
    send: (...events: RoomEvent[]) => rooms.emit('room.events', { videoId, events }),
    notify: (name: string, notice: object) => rooms.emit(name, { videoId, ...notice }),
    /** Cuts every connection; clients come back by themselves. */
    cut: () => {
      for (const socket of rooms.sockets.values()) socket.conn.close()
    },
    async [Symbol.asyncDispose]() {
      await io.close()
    },
  }
}
export type RoomServer = Awaited<ReturnType<typeof listenAsRoom>>
