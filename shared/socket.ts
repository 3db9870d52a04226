import { z } from 'zod'
import { MessageId, Seconds, VideoId } from './ids.ts'
import { AskQuestion, type Citation, type Message, SendMessage } from './messages.ts'
import type { RoomEvent, RoomEventsFrame } from './room-events.ts'
import type { StageName, Video } from './videos.ts'

/** Socket.IO namespace of the rooms. */
export const roomsNamespace = '/rooms'

const sequence = z.number().int().min(0)

/** Client → server: what each request carries. Each is acknowledged with `{ok: true, ...}` or a failure. */
export const socketRequests = {
  'room.join': z.object({ videoId: VideoId, since: sequence.optional() }),
  'room.leave': z.object({ videoId: VideoId }),
  'room.replay': z.object({ videoId: VideoId, since: sequence, limit: z.number().int().min(1).max(1000).optional() }),
  'message.send': SendMessage,
  'question.ask': AskQuestion,
  'answer.cancel': z.object({ answerId: MessageId }),
  'typing.set': z.object({ videoId: VideoId, typing: z.boolean() }),
  'playhead.set': z.object({
    videoId: VideoId,
    atSeconds: Seconds,
    playing: z.boolean(),
    rate: z.number().min(0).max(16),
  }),
} as const

export type SocketRequestName = keyof typeof socketRequests
export type SocketRequest<N extends SocketRequestName> = z.infer<(typeof socketRequests)[N]>
export type SocketRequestInput<N extends SocketRequestName> = z.input<(typeof socketRequests)[N]>

/** One connection in a room; one person may have several. */
export interface Member {
  id: string
  name: string
}

/** What each request is answered with, beside `ok: true`. */
export interface SocketAnswers {
  'room.join': { video: Video; members: Member[]; messages: Message[]; seq: number; events: RoomEvent[] }
  'room.leave': object
  'room.replay': { events: RoomEvent[] }
  'message.send': { message: Message }
  'question.ask': { message: Message; answerId: MessageId }
  'answer.cancel': object
  'typing.set': object
  'playhead.set': object
}

/** Server → client. Only `room.events` is durable; the rest is gone when missed. */
export interface SocketNotices {
  'room.events': RoomEventsFrame
  /** At most four a second for each stage of a video. */
  progress: { videoId: VideoId; stage: StageName; percent: number; etaSeconds?: number }
  'answer.started': { videoId: VideoId; answerId: MessageId; questionId: MessageId }
  'answer.delta': { videoId: VideoId; answerId: MessageId; index: number; text: string }
  'answer.done': { videoId: VideoId; answerId: MessageId; message: Message & { citations: Citation[] } }
  'answer.failed': { videoId: VideoId; answerId: MessageId; error: { code: string; message: string } }
  presence: { videoId: VideoId; members: Member[] }
  typing: { videoId: VideoId; memberId: string; name: string; typing: boolean }
  playhead: { videoId: VideoId; memberId: string; name: string; atSeconds: number; playing: boolean; rate: number }
}
export type SocketNoticeName = keyof SocketNotices
