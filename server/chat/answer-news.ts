import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import {
  type AnswerInProgress,
  type EventsFrame,
  type Message,
  MessageId,
  type VideoId,
  videoStream,
} from '../../shared/index.ts'
import { messageOf } from '../platform/errors.ts'
import type { Bus, Notify } from '../platform/hub/index.ts'
import type { Log } from '../platform/log.ts'
import { doubtMs } from './answer-turns.ts'
import { type AnswerNotice, type AnswerOf, createAnswersInProgress, ToldAnswerNotice } from './answers-in-progress.ts'

/** What became of an answer that another server wrote: it is there, it is still being written, or nobody is at it. */
export type Fate = Message | 'writing' | 'given up'

export interface AnswerNewsOptions {
  notifyHere: Notify
  bus: Bus
  log: Log
}
/** Where the truth is, whatever was heard. */
export interface AnswerTruth {
  journal: { onCommitted(listener: (frame: EventsFrame) => void): () => void }
  fateOf(answerId: MessageId): Promise<Fate>
}

/**
 * What is told of answers that are being written. Each server tells those who are connected to it, and keeps how far
 * every answer is, whichever server writes it: so whoever joins sees it from its beginning. What is heard may be lost
 * (the bus keeps nothing, a server can die): the log says which answers are there, the database who is at one.
 */
export interface AnswerNews {
  /** To everyone in the room, on all servers. */
  tell(notice: AnswerNotice): void
  inProgress(videoId: VideoId): AnswerInProgress[]
  /** Which room waits for it, as far as is known here. */
  roomOf(answerId: MessageId): VideoId | undefined
  /** The same; of what another server has just begun, nothing may have been heard yet. */
  hearOf(answerId: MessageId): Promise<VideoId | undefined>
  answerTo(questionId: MessageId): MessageId | undefined
  /** Has the server that writes it give it up; when nobody does any more, everyone is told that it is given up. */
  cancelElsewhere(answerId: MessageId, error: AnswerFault): Promise<void>
  /** Another server wants it given up. */
  onCancel(listener: (answerId: MessageId, error: AnswerFault) => void): void
  /** What another server writes has failed there. */
  onFailed(listener: (answerId: MessageId, error: { code: string; message: string }) => void): void
  stop(): void
}

/** The code is always `answer.cancelled`. */
type AnswerFault = { message: string }

/**
 * With what is silent for so long before it is looked at, an end is known well within the eight seconds of presence. Not
 * more often than `doubtMs`: what is found to be given up is looked at twice.
 */
const sweepMs = doubtMs
/** What another server tells takes no longer to come here, as a rule. */
const mostLateMs = 1_000
const lookMs = 50
const Cancel = z.object({ answerId: MessageId, message: z.string().default('The answer was cancelled.') })

export function createAnswerNews({
  notifyHere,
  bus,
  log,
  journal,
  fateOf,
}: AnswerNewsOptions & AnswerTruth): AnswerNews {
  const answers = createAnswersInProgress()
  const failed = new Set<(answerId: MessageId, error: { code: string; message: string }) => void>()
  const spread = (notice: AnswerNotice, isHere: boolean) => {
    answers.take(notice, isHere)
    notifyHere(videoStream(notice.payload.videoId), notice.name, notice.payload)
  }
  const tell = (notice: AnswerNotice) => {
    spread(notice, true)
    bus.publish('answer.notice', notice)
  }
  const unlisten = bus.on('answer.notice', ToldAnswerNotice, notice => {
    spread(notice, false)
    if (notice.name === 'answer.failed')
      for (const listener of failed) listener(notice.payload.answerId, notice.payload.error)
  })
  const unfollow = journal.onCommitted(({ events }) => {
    for (const event of events)
      if (event.type === 'message.created' && event.payload.message.kind === 'answer')
        answers.end(event.payload.message.id)
  })

  const doubted = new WeakSet<AnswerOf>()
  const lookAt = async (answer: AnswerOf) => {
    const { videoId, answerId, questionId } = answer
    const fate = await fateOf(answerId)
    // Something was heard of it meanwhile.
    if (answers.find(answerId) !== answer) return
    if (fate === 'writing') return answers.isWriting(answerId)
    if (fate === 'given up' && !doubted.has(answer)) return doubted.add(answer)
    answers.end(answerId)
    if (fate === 'given up') {
      const error = { code: 'answer.failed', message: stopped }
      notifyHere(videoStream(videoId), 'answer.failed', { videoId, answerId, questionId, error })
    } else notifyHere(videoStream(videoId), 'answer.done', { videoId, answerId, message: fate })
  }
  let isLooking = false
  const sweep = setInterval(() => {
    if (isLooking) return
    isLooking = true
    Promise.all(answers.silent().map(lookAt))
      // The database is away: it is asked again.
      .catch(fault => log.debug({ reason: messageOf(fault) }, 'silent answers could not be looked at'))
      .finally(() => {
        isLooking = false
      })
  }, sweepMs)
  sweep.unref()

  return {
    tell,
    inProgress: answers.of,
    roomOf: answerId => answers.find(answerId)?.videoId,
    async hearOf(answerId) {
      for (let at = 0; bus.isShared && at < mostLateMs && !answers.find(answerId); at += lookMs) await wait(lookMs)
      return answers.find(answerId)?.videoId
    },
    answerTo: answers.answerTo,
    async cancelElsewhere(answerId, { message }) {
      bus.publish('answer.cancel', { answerId, message })
      const known = answers.find(answerId)
      if (!known) return
      const { videoId, questionId } = known
      // Whoever writes it, or only lost their connection for a moment, tells of it.
      const isGivenUp = async () => (await fateOf(answerId)) === 'given up' && answers.find(answerId) === known
      if (!(await isGivenUp())) return
      await wait(doubtMs)
      if (!(await isGivenUp())) return
      const error = { code: 'answer.cancelled', message }
      tell({ name: 'answer.failed', payload: { videoId, answerId, questionId, error } })
    },
    onCancel: listener =>
      void bus.on('answer.cancel', Cancel, ({ answerId, message }) => listener(answerId, { message })),
    onFailed: listener => void failed.add(listener),
    stop() {
      clearInterval(sweep)
      unlisten()
      unfollow()
    },
  }
}

const stopped = 'The answer stopped coming: its server may have ended. Ask again.'
