import { videoStream } from '../../shared/index.ts'
import { mustBeIn, type SocketHandlers } from '../platform/hub/index.ts'
import type { Answers } from './answers.ts'
import type { MessageChanges } from './change-messages.ts'
import type { ReadMarks } from './read-marks.ts'
import type { Messages } from './service.ts'

type Handled =
  | 'message.send'
  | 'message.edit'
  | 'message.delete'
  | 'message.react'
  | 'room.read'
  | 'question.ask'
  | 'answer.cancel'
  | 'answer.retry'

export interface ChatParts {
  messages: Messages
  changes: MessageChanges
  marks: ReadMarks
  answers: Answers
}

export const chatLive = ({ messages, changes, marks, answers }: ChatParts): Pick<SocketHandlers, Handled> => ({
  async 'message.send'(payload, caller) {
    return { message: await messages.send(payload, caller) }
  },
  async 'message.edit'(payload, caller) {
    return { message: await changes.edit(payload, caller) }
  },
  async 'message.delete'(payload, caller) {
    await changes.remove(payload, caller)
    await answers.withdraw(payload.messageId)
    return {}
  },
  async 'message.react'(payload, caller) {
    return { message: await changes.react(payload, caller) }
  },
  async 'room.read'({ videoId, seq }, caller) {
    return { unread: await marks.read(videoId, caller, seq) }
  },
  async 'question.ask'(payload, caller) {
    const { name: author, memberId: authorId, sender } = caller
    const { message, answerId } = await answers.ask({ ...payload, author, authorId, sender })
    return { message, answerId }
  },
  async 'answer.cancel'({ answerId }, caller) {
    await answers.cancel(answerId, videoId => mustBeIn(videoStream(videoId), caller))
    return {}
  },
  async 'answer.retry'({ videoId, questionId }) {
    const { message, answerId } = await answers.retry(videoId, questionId)
    return { message, answerId }
  },
})
