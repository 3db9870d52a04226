import { z } from 'zod'
import { fullyQualified, isOneEmoji } from './emoji.ts'
import { MessageId, Seconds, Timestamp, VideoId } from './ids.ts'
import { MemberId, PersonKey } from './members.ts'
import { isVisible } from './visible-text.ts'

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

/** An emoji, and who chose it, in the order in which they did. */
export const Reaction = z.object({
  emoji: z.string(),
  people: z.array(z.object({ id: MemberId, name: z.string() })),
})
export type Reaction = z.infer<typeof Reaction>

/** What a model took and cost. */
export const AnswerUsage = z.object({
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** By the prices that are configured; null without them. */
  costUsd: z.number().nullable(),
})
export type AnswerUsage = z.infer<typeof AnswerUsage>

export const Message = z.object({
  id: MessageId,
  videoId: VideoId,
  kind: MessageKind,
  author: z.string(),
  /** The person who said it; null for answers and for what came without one. */
  authorId: MemberId.nullable(),
  /** Chosen by the sender, of whom it is one thing that is said: sent again, it names the same one. Null for answers. */
  clientId: z.string().nullable(),
  body: z.string(),
  /** The second of the film that it is about. */
  atSeconds: z.number().nullable(),
  /** Where the span ends that it is about; null for a point. */
  endSeconds: z.number().nullable(),
  replyTo: MessageId.nullable(),
  /** Who is spoken to. */
  mentions: z.array(MemberId),
  reactions: z.array(Reaction),
  citations: z.array(Citation),
  /** For answers: the rung that made it, `extractive` or the model's name. */
  engine: z.string().nullable(),
  /** For answers of a model that says so. */
  usage: AnswerUsage.nullable(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
})
export type Message = z.infer<typeof Message>

const longestBody = 4000
export const MessageBody = z
  .string()
  .trim()
  .refine(isVisible, 'a message has at least one character that is seen')
  .max(longestBody, `a message has ${longestBody} characters at most`)
export const ClientId = z.string().min(1).max(100)
export const AuthorName = z.string().trim().max(60).refine(isVisible, 'a name has at least one character that is seen')

/** One emoji as people see it. */
export const Emoji = z.string().max(32).refine(isOneEmoji, 'one emoji is wanted').overwrite(fullyQualified)

const atPlace = { atSeconds: Seconds.optional(), endSeconds: Seconds.optional() }
const Mentions = z.array(MemberId).max(50)
/** A place in the film is a second, or a span from a second on; or there is none. */
export const isPlace = ({
  atSeconds,
  endSeconds,
}: {
  atSeconds?: number | null | undefined
  endSeconds?: number | null | undefined
}): boolean => endSeconds == null || (atSeconds != null && endSeconds >= atSeconds)
const spanFault = { message: 'a span begins at atSeconds and ends after it', path: ['endSeconds'] }

const said = {
  body: MessageBody,
  ...atPlace,
  replyTo: MessageId.optional(),
  mentions: Mentions.optional(),
}
export const SendMessage = z.object({ videoId: VideoId, clientId: ClientId, ...said }).refine(isPlace, spanFault)
/** The same without a socket. With `person`, the secret of `createRushes`, its author may change it in the room. */
export const SayMessage = z
  .object({ clientId: ClientId.optional(), author: AuthorName.optional(), person: PersonKey.optional(), ...said })
  .refine(isPlace, spanFault)
/** What is left out stays as it is; null takes the place in the film away. */
export const EditMessage = z.object({
  videoId: VideoId,
  messageId: MessageId,
  body: MessageBody.optional(),
  atSeconds: Seconds.nullable().optional(),
  endSeconds: Seconds.nullable().optional(),
  mentions: Mentions.optional(),
})
export const AskQuestion = z
  .object({ videoId: VideoId, clientId: ClientId, question: MessageBody, ...atPlace })
  .refine(isPlace, spanFault)
/** The same over HTTP, where the video is in the address and nobody has joined under a name; `person` as for what is said. */
export const AskOverHttp = z
  .object({
    question: MessageBody,
    clientId: ClientId.optional(),
    author: AuthorName.optional(),
    person: PersonKey.optional(),
    ...atPlace,
  })
  .refine(isPlace, spanFault)
export type EditMessage = z.infer<typeof EditMessage>
export type SendMessage = z.infer<typeof SendMessage>
export type SayMessage = z.infer<typeof SayMessage>
export type AskQuestion = z.infer<typeof AskQuestion>

/**
 * A part of a streamed answer: text as it comes, then the citations. `anew`, which is rare: the text so far is void (the
 * model had only thought aloud), and is told anew from its beginning.
 */
export type AnswerPart =
  | { type: 'text'; text: string }
  | { type: 'anew' }
  | { type: 'citations'; citations: Citation[] }
  | { type: 'done'; message: Message }
