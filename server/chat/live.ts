import type { VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { SocketCaller, SocketHandlers } from '../platform/hub/index.ts'
import type { Answers } from './answers.ts'
import type { Messages } from './service.ts'

type Handled = 'message.send' | 'question.ask' | 'answer.cancel' | 'answer.retry'

export const chatLive = (messages: Messages, answers: Answers): Pick<SocketHandlers, Handled> => ({
  async 'message.send'(payload, caller) {
    mustBeIn(payload.videoId, caller)
    return { message: await messages.send(payload, caller) }
  },
  async 'question.ask'(payload, caller) {
    mustBeIn(payload.videoId, caller)
    const { message, answerId } = await answers.ask({ ...payload, author: caller.name, authorId: caller.memberId })
    return { message, answerId }
  },
  async 'answer.cancel'({ answerId }, caller) {
    answers.cancel(answerId, videoId => mustBeIn(videoId, caller))
    return {}
  },
  async 'answer.retry'({ videoId, questionId }, caller) {
    mustBeIn(videoId, caller)
    const { message, answerId } = await answers.retry(videoId, questionId)
    return { message, answerId }
  },
})

function mustBeIn(videoId: VideoId, caller: SocketCaller): void {
  if (!caller.isIn(videoId)) throw new AppError('room.not_joined', 'Join the room of this video first: `room.join`.')
}
