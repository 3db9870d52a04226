import { z } from 'zod'
import { MessageId, Seconds, Timestamp, VideoId } from './ids.ts'

/** A place in the film that an answer rests on. `text` is what is said there, to the letter. */
export const Citation = z.object({
  startSeconds: z.number(),
  endSeconds: z.number(),
  text: z.string(),
  segmentIndexes: z.array(z.number().int()),
  score: z.number(),
})
export type Citation = z.infer<typeof Citation>

export const MessageKind = z.enum(['message', 'question', 'answer'])
export type MessageKind = z.infer<typeof MessageKind>

export const Message = z.object({
  id: MessageId,
  videoId: VideoId,
  kind: MessageKind,
  author: z.string(),
  /** Chosen by the sender: sent again, it names the same message. Null for answers. */
  clientId: z.string().nullable(),
  body: z.string(),
  atSeconds: z.number().nullable(),
  replyTo: MessageId.nullable(),
  citations: z.array(Citation),
  /** For answers: the rung that made it, `extractive` or the model's name. */
  engine: z.string().nullable(),
  createdAt: Timestamp,
})
export type Message = z.infer<typeof Message>

export const MessageBody = z.string().trim().min(1).max(4000)
export const ClientId = z.string().min(1).max(100)
export const AuthorName = z.string().trim().min(1).max(60)

export const SendMessage = z.object({
  videoId: VideoId,
  clientId: ClientId,
  body: MessageBody,
  atSeconds: Seconds.optional(),
  replyTo: MessageId.optional(),
})
export const AskQuestion = z.object({
  videoId: VideoId,
  clientId: ClientId,
  question: MessageBody,
  atSeconds: Seconds.optional(),
})
export type SendMessage = z.infer<typeof SendMessage>
export type AskQuestion = z.infer<typeof AskQuestion>

/** A part of a streamed answer: text as it comes, then the citations. */
export type AnswerPart =
  | { type: 'text'; text: string }
  | { type: 'citations'; citations: Citation[] }
  | { type: 'done'; message: Message }
