import { z } from 'zod'
import { type AnswerInProgress, Message, MessageId, type SocketNotices, VideoId } from '../../shared/index.ts'

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

/** How far the answers are that are being written: for whoever joins while they are. */
export interface AnswersInProgress {
  /** `isHere`: this server writes it, and knows by itself how it goes. */
  take(notice: AnswerNotice, isHere: boolean): void
  /** Those of a room that are known from their beginning, oldest first. */
  of(videoId: VideoId): AnswerInProgress[]
  find(answerId: MessageId): AnswerOf | undefined
  /** To that question, if one is being written. */
  answerTo(questionId: MessageId): MessageId | undefined
  /** Those of other servers of which nothing was heard for a while: a model may think, or its server may be gone. */
  silent(): AnswerOf[]
  /** Its server is still at it. */
  isWriting(answerId: MessageId): void
  end(answerId: MessageId): void
}

export interface AnswerOf {
  videoId: VideoId
  answerId: MessageId
  questionId: MessageId
}

export interface AnswersInProgressLimits {
  /** In all rooms. */
  answers: number
  inOneRoom: number
  /** Of one answer; a longer one is not shown before it is done. */
  characters: number
  silentMs: number
}

interface Written extends AnswerInProgress {
  videoId: VideoId
  isHere: boolean
  /** Nothing of it was missed. */
  isWhole: boolean
  heardAtMs: number
}

const usualLimits: AnswersInProgressLimits = { answers: 1000, inOneRoom: 100, characters: 20_000, silentMs: 3_000 }

export function createAnswersInProgress({
  limits = usualLimits,
  now = Date.now,
}: {
  limits?: AnswersInProgressLimits
  now?: () => number
} = {}): AnswersInProgress {
  // The one that was silent for the longest is the first.
  const answers = new Map<MessageId, Written>()

  const keep = (answer: Written) => {
    answers.delete(answer.answerId)
    answers.set(answer.answerId, { ...answer, heardAtMs: now() })
  }
  const makeRoom = (videoId: VideoId) => {
    const [first] = answers.keys()
    if (answers.size >= limits.answers && first) answers.delete(first)
    const here = [...answers.values()].filter(each => each.videoId === videoId)
    if (here.length >= limits.inOneRoom && here[0]) answers.delete(here[0].answerId)
  }
  const add = ({ answerId, index, text }: SocketNotices['answer.delta']) => {
    const known = answers.get(answerId)
    if (!known) return
    const isWhole = known.isWhole && index === known.nextIndex && known.text.length + text.length <= limits.characters
    keep({ ...known, isWhole, nextIndex: index + 1, text: isWhole ? known.text + text : '' })
  }

  return {
    take({ name, payload }, isHere) {
      if (name === 'answer.delta') return add(payload)
      answers.delete(payload.answerId)
      if (name !== 'answer.started') return
      const { videoId, answerId, questionId } = payload
      makeRoom(videoId)
      keep({ ...{ videoId, answerId, questionId, isHere }, text: '', nextIndex: 0, isWhole: true, heardAtMs: 0 })
    },
    of: videoId =>
      [...answers.values()]
        .filter(each => each.videoId === videoId && each.isWhole)
        .map(({ answerId, questionId, text, nextIndex }) => ({ answerId, questionId, text, nextIndex }))
        .sort((a, b) => (a.answerId < b.answerId ? -1 : 1)),
    find: answerId => answers.get(answerId),
    answerTo: questionId => [...answers.values()].find(each => each.questionId === questionId)?.answerId,
    silent: () =>
      [...answers.values()].filter(({ isHere, heardAtMs }) => !isHere && now() - heardAtMs >= limits.silentMs),
    isWriting(answerId) {
      const known = answers.get(answerId)
      if (known) keep(known)
    },
    end: answerId => void answers.delete(answerId),
  }
}
