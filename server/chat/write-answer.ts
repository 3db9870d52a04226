import type { AnswerUsage, Citation } from '../../shared/index.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { askRungs } from '../platform/rungs.ts'
import { storableText } from '../platform/text.ts'
import type { AnswerContext, AnswerEngine, AnswerRequest } from './engine.ts'

export interface WrittenAnswer {
  body: string
  citations: Citation[]
  engine: string
  usage: AnswerUsage | null
}

/**
 * Asks one engine after the other, best first, until one answers. One that fails before its first word is passed over; one that fails
 * after it has been read by the room already, so its answer fails.
 */
export async function writeAnswer(
  rungs: { engines: readonly AnswerEngine[]; log: Log },
  request: Omit<AnswerRequest, 'passedOver'>,
  { signal, onText, onAnew }: AnswerContext,
): Promise<WrittenAnswer> {
  const { available } = await askRungs(rungs.engines)
  let passedOver = available[0] === rungs.engines[0] ? null : 'No language model is set up here'
  let body = ''
  const take = (text: string) => {
    body += text
    onText(text)
  }
  const beginAnew = () => {
    if (body !== '') onAnew()
    body = ''
  }
  for (const engine of available) {
    try {
      const { citations, usage } = await engine.answer(
        { ...request, passedOver },
        { signal, onText: take, onAnew: beginAnew },
      )
      return { body: storableText(body), citations, engine: engine.signature, usage }
    } catch (fault) {
      signal.throwIfAborted()
      if (body !== '' || engine === available.at(-1)) throw fault
      rungs.log.warn(
        { engine: engine.signature, reason: messageOf(fault) },
        'an engine could not answer, the next one does',
      )
      passedOver = 'The language model did not answer'
    }
  }
  throw new AppError('answer.failed', 'No engine is here that could answer.')
}
