import { v7 as uuidv7 } from 'uuid'
import { ClientId, MessageId } from '../../shared/index.ts'
import { networkOf } from '../platform/addresses.ts'
import { type HttpHandlers, type HttpInput, sentIdempotencyKey } from '../platform/http/index.ts'
import { type CountRequest, personOf } from '../platform/hub/index.ts'
import { readCursor } from '../platform/read-cursor.ts'
import type { Answers } from './answers.ts'
import type { Before } from './queries.ts'
import { sendAnswerEvents } from './send-answer-events.ts'
import type { Author, Messages } from './service.ts'

type Handled = 'videos.messages' | 'videos.say' | 'videos.ask'

export interface ChatRoutesOptions {
  messages: Messages
  answers: Answers
  /** What is written, of one person. */
  count: CountRequest
}

export const chatRoutes = ({ messages, answers, count }: ChatRoutesOptions): Pick<HttpHandlers, Handled> => ({
  'videos.messages': ({ params, query }) =>
    messages.list(params.id, { limit: query.limit, before: cursorOf(query.before) }),
  'videos.say': async input => {
    const { params, ctx } = input
    const { author: _, person: __, ...said } = input.body
    const clientId = said.clientId ?? idempotencyKeyOf(ctx)
    const by = authorOf(input)
    count(by.memberId ?? networkOf(ctx.ip), clientId)
    return { message: await messages.send({ ...said, videoId: params.id, clientId: clientId ?? uuidv7() }, by) }
  },
  'videos.ask': async input => {
    const by = authorOf(input)
    const question = questionOf(input, by)
    const { ctx, signal } = input
    count(by.memberId ?? networkOf(ctx.ip), question.clientId)
    if (ctx.accepts('application/json', 'text/event-stream') === 'text/event-stream') {
      return { message: await sendAnswerEvents(answers, { question, ctx, signal }) }
    }
    const { answer } = await answers.follow(question, { signal, onPart: () => {} })
    return { message: await answer }
  },
})

function authorOf({ body, caller, ctx }: HttpInput<'videos.say'> | HttpInput<'videos.ask'>): Author {
  const { author: name, person } = body
  const { memberId, isLasting, ...shown } = personOf({ name, person }, { by: caller, address: ctx.ip })
  return { ...shown, memberId: isLasting ? memberId : null }
}

const questionOf = ({ params, body, ctx }: HttpInput<'videos.ask'>, { name, memberId, sender }: Author) => ({
  videoId: params.id,
  question: body.question,
  clientId: body.clientId ?? idempotencyKeyOf(ctx) ?? uuidv7(),
  ...{ author: name, authorId: memberId, sender },
  atSeconds: body.atSeconds,
  endSeconds: body.endSeconds,
})

/** The header that HTTP callers know does the same as a `clientId`. */
const idempotencyKeyOf = (ctx: HttpInput<'videos.ask'>['ctx']) => sentIdempotencyKey(ctx, ClientId)

function cursorOf(before: string | undefined): Before | undefined {
  if (before === undefined) return undefined
  if (/^\d{1,15}$/.test(before)) return { seq: Number(before) }
  const id = readCursor(MessageId, before, '`before` is a `nextCursor`, or the id of a message.')
  return id && { id }
}
