import type { AnswerPart, Message, MessageId, VideoId } from '../../shared/index.ts'
import { AppError, fail } from '../platform/errors.ts'
import { findKept, findMessage, findSent, type KeptMessage } from './queries.ts'
import { type Asked, answerIdFor, askedTwice, type Question } from './question.ts'
import { type AnsweringOptions, type RunningAnswer, startAnswer, withdrawn } from './running-answer.ts'

export interface Answers {
  /**
   * Asks for the room: it is answered whoever stays. The same `clientId` again gets the same question and answer; one
   * whose answer failed is answered anew. Throws `server.busy`, `video.not_found`, `message.not_found` for what was
   * deleted, `request.invalid` when that `clientId` names something else.
   */
  ask(question: Question): Promise<Asked>
  /** Asks for one caller, who may go away (`signal`): then, unless others wait too, the answer is given up. */
  follow(question: Question, caller: { signal: AbortSignal; onPart: (part: AnswerPart) => void }): Promise<Followed>
  /**
   * Answers a stored question that has no answer; one that has, or that is being answered, gives that. Throws
   * `message.not_found`, `server.busy`.
   */
  retry(videoId: VideoId, questionId: MessageId): Promise<Asked>
  /**
   * On whichever server it is written. Anyone in the room may: `mayCancel` says whether the caller is. Throws
   * `answer.not_found`, `room.not_joined`.
   */
  cancel(answerId: MessageId, mayCancel: (videoId: VideoId) => void): Promise<void>
  /** It was deleted: the answer to it, if one is being written, is given up. */
  withdraw(questionId: MessageId): Promise<void>
  stop(): Promise<void>
}
export interface Followed extends Asked {
  answer: Promise<Message>
}

type Options = AnsweringOptions & { answersPerRoom: number }

export function createAnswers(options: Options): Answers {
  const { database, news } = options
  const { begin, find, stop } = createRunningAnswers(options)
  const ask: Answers['ask'] = async question => {
    const begun = await begin(question)
    begun.isForRoom = true
    return begun.asked
  }
  news.onCancel((answerId, { message }) => find(answerId)?.abort(cancelled(message)))
  const giveUp = async (answerId: MessageId, message: string) => {
    const here = find(answerId)
    here?.abort(cancelled(message))
    if (!here || here.isElsewhere) await news.cancelElsewhere(answerId, { message })
  }
  news.onFailed((answerId, { code, message }) => {
    const waiting = find(answerId)
    if (!waiting?.isElsewhere) return
    waiting.abort(new AppError(code === 'answer.cancelled' ? code : 'answer.failed', message))
  })

  return {
    ask,
    async retry(videoId, questionId) {
      const question = await findKept(database.db, questionId)
      if (question?.kind !== 'question' || question.videoId !== videoId)
        throw new AppError('message.not_found', 'There is no such question in this room.')
      return ask(askedAgain(question))
    },
    async follow(question, { signal, onPart }) {
      const begun = await begin(question)
      if (begun.text !== '') onPart({ type: 'text', text: begun.text })
      begun.followers.add(onPart)
      const leave = () => {
        begun.followers.delete(onPart)
        if (begun.followers.size === 0 && !begun.isForRoom) begun.abort(cancelled('Whoever asked went away.'))
      }
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
      return { ...(await begun.asked), answer: begun.answer }
    },
    async cancel(answerId, mayCancel) {
      const isThere = !find(answerId) && (await findMessage(database.db, answerId)) !== undefined
      const videoId = find(answerId)?.videoId ?? (isThere ? undefined : await news.hearOf(answerId))
      if (!videoId) throw new AppError('answer.not_found', 'No such answer is being written.')
      mayCancel(videoId)
      await giveUp(answerId, 'The answer was cancelled.')
    },
    async withdraw(questionId) {
      const answerId = news.answerTo(questionId)
      if (answerId) await giveUp(answerId, withdrawn)
    },
    stop,
  }
}

/** Each question once, as long as it is being answered here. */
function createRunningAnswers(options: Options) {
  const { database, answersPerRoom } = options
  const running = new Map<string, RunningAnswer>()
  let isStopped = false

  const isFull = (videoId: VideoId) =>
    [...running.values()].filter(each => each.videoId === videoId).length >= answersPerRoom
  const isAnswered = async (question: Question) => {
    const sent = await findSent(database.db, question)
    if (!sent) return false
    return (await findMessage(database.db, await answerIdFor(database.db, sent.id))) !== undefined
  }

  return {
    find: (answerId: MessageId) => [...running.values()].find(each => each.answerId === answerId),
    async begin(question: Question): Promise<RunningAnswer> {
      const key = JSON.stringify([question.videoId, question.sender, question.clientId])
      if (!running.has(key) && isFull(question.videoId) && !(await isAnswered(question))) {
        throw new AppError(
          'server.busy',
          `This room waits for ${answersPerRoom} answers already. Ask again when one of them is there.`,
        )
      }
      if (isStopped) throw stopping()
      const already = running.get(key)
      if (already && already.question.question !== question.question) throw askedTwice()
      if (already) return already
      const begun = startAnswer(options, question)
      running.set(key, begun)
      const forget = () => void running.delete(key)
      begun.answer.then(forget, forget)
      return begun
    },
    async stop() {
      isStopped = true
      for (const each of running.values()) each.abort(stopping())
      await Promise.allSettled([...running.values()].map(each => each.answer))
    },
  }
}

/** As it was asked: under the same key it is the same question. */
const askedAgain = ({ clientId, sender, body, atSeconds, endSeconds, id, ...asked }: KeptMessage): Question => ({
  ...{ videoId: asked.videoId, author: asked.author, authorId: asked.authorId },
  ...{ clientId: clientId ?? id, sender: sender ?? '', question: body },
  atSeconds: atSeconds ?? undefined,
  endSeconds: endSeconds ?? undefined,
})

const cancelled = (message: string) => new AppError('answer.cancelled', message)
const stopping = () => fail('server.stopping')
