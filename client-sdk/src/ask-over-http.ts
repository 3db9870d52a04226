import type { Message } from '../../shared/index.ts'
import { type Answer, type AnswerIds, type AnswerWriter, writeAnswer } from './answer.ts'
import { newClientId } from './client-id.ts'
import type { HttpCaller } from './http/call.ts'
import { readServerSentEvents } from './http/server-sent-events.ts'
import type { CallOptions } from './options.ts'
import { errorFromWire, networkError, RushesError } from './rushes-error.ts'

export interface AskOptions extends CallOptions {
  /** Who asks, as the room sees it. */
  author?: string | undefined
  /** The secret of `createRushes`'s `person`: whoever has it may delete the question and its answer in the room. */
  person?: string | undefined
  /** The second of the film that “here” or “this part” means. */
  atSeconds?: number | undefined
  /** With `atSeconds`: the end of the span that is asked about. */
  endSeconds?: number | undefined
  /** The same one again gets the same answer. Made here when not given. */
  clientId?: string | undefined
}

/** Asks at once; the answer streams in as server-sent events. */
export function askOverHttp(http: HttpCaller, asked: { id: string; question: string; options: AskOptions }): Answer {
  const writer = writeAnswer()
  const { signal } = asked.options
  streamAnswer(http, asked, writer).then(
    () => writer.fail(networkError(undefined, 'The connection broke before the answer was complete.')),
    fault => writer.fail(failureOf(fault, signal)),
  )
  return writer.answer
}

async function streamAnswer(
  http: HttpCaller,
  { id, question, options }: { id: string; question: string; options: AskOptions },
  writer: AnswerWriter,
): Promise<void> {
  const { author, person, atSeconds, endSeconds, clientId = newClientId(), signal } = options
  const body = { question, clientId, author, person, atSeconds, endSeconds }
  const response = await http.request('videos.ask', { params: { id }, body }, { signal, accept: 'text/event-stream' })
  if (!response.body) return
  let text = ''
  for await (const { event, data } of readServerSentEvents(response.body)) {
    const payload = JSON.parse(data) as Partial<AnswerIds> & { index?: number; text?: string; message?: Message }
    const { questionId, answerId } = payload
    if (questionId && answerId) writer.name({ questionId, answerId })
    if (event === 'failed') throw errorFromWire(payload) ?? new RushesError('answer.failed', 'The answer failed.')
    if (event === 'delta') {
      // It is told anew: what came before is void.
      if (payload.index === 0 && text !== '') {
        text = ''
        writer.beginAnew()
      }
      text += payload.text ?? ''
      writer.writeUpTo(text)
    }
    if (event === 'done' && payload.message) return writer.finish(payload.message)
  }
}

function failureOf(fault: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  return fault instanceof RushesError
    ? fault
    : networkError(fault, 'The connection broke before the answer was complete.')
}
