import { z } from 'zod'
import { type AnswerInProgress, MessageId, type VideoId } from '../../shared/index.ts'
import { hearFaults } from '../platform/hear-faults.ts'
import type { Bus, Notify } from '../platform/hub/index.ts'
import type { Log } from '../platform/log.ts'
import { type AnswerNotice, ToldAnswerNotice } from './answer-notice.ts'
import { createAnswersInProgress } from './answers-in-progress.ts'

export interface AnswerNewsOptions {
  notifyHere: Notify
  bus: Bus
  log: Log
}

/**
 * What is told of answers that are being written. Each server tells those who are connected to it, and keeps how far
 * every answer is, whichever server writes it: so whoever joins sees it from its beginning.
 */
export interface AnswerNews {
  /** To everyone in the room, on all servers. */
  tell(notice: AnswerNotice): void
  inProgress(videoId: VideoId): AnswerInProgress[]
  /** Which room waits for it, as far as is known here. */
  roomOf(answerId: MessageId): VideoId | undefined
  /** Has the server that writes it give it up. */
  cancelElsewhere(answerId: MessageId): void
  /** Another server wants it given up. */
  onCancel(listener: (answerId: MessageId) => void): void
  /** What another server writes has failed there. */
  onFailed(listener: (answerId: MessageId, error: { code: string; message: string }) => void): void
  stop(): void
}

const sweepMs = 10_000
const Cancel = z.object({ answerId: MessageId })

export function createAnswerNews({ notifyHere, bus, log }: AnswerNewsOptions): AnswerNews {
  const answers = createAnswersInProgress()
  const failed = new Set<(answerId: MessageId, error: { code: string; message: string }) => void>()
  const spread = (notice: AnswerNotice) => {
    answers.take(notice)
    notifyHere(notice.payload.videoId, notice.name, notice.payload)
  }
  const unlisten = bus.on('answer.notice', ToldAnswerNotice, notice => {
    spread(notice)
    if (notice.name === 'answer.failed')
      for (const listener of failed) listener(notice.payload.answerId, notice.payload.error)
  })

  // A server that dies says nothing any more: those who wait for its answers are told by their own.
  const giveUpSilent = () => {
    for (const { videoId, answerId } of answers.forgetSilent()) {
      const error = {
        code: 'answer.failed',
        message: 'The answer stopped coming: its server may have ended. Ask again.',
      }
      notifyHere(videoId, 'answer.failed', { videoId, answerId, error })
    }
  }
  const sweep = setInterval(hearFaults(log, 'giving up silent answers', giveUpSilent), sweepMs)
  sweep.unref()

  return {
    tell(notice) {
      spread(notice)
      bus.publish('answer.notice', notice)
    },
    inProgress: answers.of,
    roomOf: answerId => answers.find(answerId)?.videoId,
    cancelElsewhere: answerId => bus.publish('answer.cancel', { answerId }),
    onCancel: listener => void bus.on('answer.cancel', Cancel, ({ answerId }) => listener(answerId)),
    onFailed: listener => void failed.add(listener),
    stop() {
      clearInterval(sweep)
      unlisten()
    },
  }
}
