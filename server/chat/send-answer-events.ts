import type { Context } from 'koa'
import type { AnswerPart, Message } from '../../shared/index.ts'
import { toFailure } from '../platform/errors.ts'
import { openEventStream } from '../platform/http/index.ts'
import type { Answers } from './answers.ts'
import type { Question } from './question.ts'

/**
 * An answer as server-sent events (HTML Living Standard, section 9.2): `asked` {questionId, answerId}, `delta` {answerId,
 * index, text}, `citations` {citations}, then `done` {message} or `failed` {error}. What fails before the first of them is
 * thrown, and answered with its status. Returns the last message that is known, for a handler must; the response is out by then.
 */
export async function sendAnswerEvents(
  answers: Answers,
  asked: { question: Question; ctx: Context; signal: AbortSignal },
): Promise<Message> {
  const { question, ctx, signal } = asked
  // What is streamed before the question's id is known waits for it.
  const early: AnswerPart[] = []
  let take = (part: AnswerPart): void => void early.push(part)
  const { message, answerId, answer } = await answers.follow(question, { signal, onPart: part => take(part) })

  const stream = openEventStream(ctx, signal)
  const send = (event: string, data: object) => void stream.send({ event, data })
  send('asked', { questionId: message.id, answerId })
  let index = 0
  take = part => {
    if (part.type === 'anew') index = 0
    if (part.type === 'text') send('delta', { answerId, index: index++, text: part.text })
    if (part.type === 'citations') send('citations', { citations: part.citations })
  }
  for (const part of early) take(part)
  try {
    const answered = await answer
    send('done', { message: answered })
    return answered
  } catch (fault) {
    // The room was told and it was logged; the status is out already, so it goes to the caller as an event.
    send('failed', { error: toFailure(fault, ctx.state.requestId).error })
    return message
  } finally {
    stream.end()
  }
}
