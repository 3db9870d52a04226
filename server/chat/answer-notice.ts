import { z } from 'zod'
import { Message, MessageId, type SocketNotices, VideoId } from '../../shared/index.ts'

type AnswerNoticeName = 'answer.started' | 'answer.delta' | 'answer.done' | 'answer.failed'
/** Something told of an answer that is being written, here or on another server. */
export type AnswerNotice = { [N in AnswerNoticeName]: { name: N; payload: SocketNotices[N] } }[AnswerNoticeName]

const ofAnswer = { videoId: VideoId, answerId: MessageId }

/** As another server tells it. What a newer version adds goes on to the people. */
export const ToldAnswerNotice: z.ZodType<AnswerNotice> = z.discriminatedUnion('name', [
  z.object({ name: z.literal('answer.started'), payload: z.looseObject({ ...ofAnswer, questionId: MessageId }) }),
  z.object({
    name: z.literal('answer.delta'),
    payload: z.looseObject({ ...ofAnswer, index: z.number().int().min(0), text: z.string() }),
  }),
  z.object({ name: z.literal('answer.done'), payload: z.looseObject({ ...ofAnswer, message: Message.loose() }) }),
  z.object({
    name: z.literal('answer.failed'),
    payload: z.looseObject({
      ...ofAnswer,
      questionId: MessageId,
      error: z.looseObject({ code: z.string(), message: z.string() }),
    }),
  }),
])
