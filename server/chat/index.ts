/** The talk of a room: messages, and questions that are answered from what is said in the video, streamed and cited. */
import type { EngineHealth, Message, VideoId } from '../../shared/index.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { SocketHandlers } from '../platform/hub/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import { climb } from '../platform/ladder.ts'
import { createAnswers } from './answers.ts'
import { createExtractiveEngine } from './engines/extractive.ts'
import { createOpenAiEngine, type ModelOptions } from './engines/openai.ts'
import type { Patience } from './engines/read-completion.ts'
import { chatLive } from './live.ts'
import { createMessageStore } from './message-store.ts'
import { chatRoutes } from './routes.ts'
import type { AnsweringOptions } from './running-answer.ts'
import { createMessages } from './service.ts'

export interface ChatOptions extends Omit<AnsweringOptions, 'engines' | 'store'> {
  journal: Pick<Journal, 'grouped'>
  model: ModelOptions
  /** Answers that one room may wait for at once. */
  answersPerRoom: number
  /** How long the model may be silent. */
  patience?: Patience
}

export interface Chat {
  routes: Pick<HttpHandlers, 'videos.messages' | 'videos.ask'>
  live: Pick<SocketHandlers, 'message.send' | 'question.ask' | 'answer.cancel'>
  /** The newest messages of a room, in order of time. */
  recent(videoId: VideoId, limit: number): Promise<Message[]>
  health(): Promise<EngineHealth>
  /** Gives up the answers that are being written, and waits for them. */
  stop(): Promise<void>
}

const defaultPatience: Patience = { firstMs: 60_000, betweenMs: 20_000, wholeMs: 300_000 }

export function createChat({ journal, model, patience = defaultPatience, ...options }: ChatOptions): Chat {
  const engines = [createOpenAiEngine(model, patience), createExtractiveEngine()]
  const store = createMessageStore(journal)
  const messages = createMessages({ ...options, store })
  const answers = createAnswers({ ...options, store, engines })
  return {
    routes: chatRoutes(messages, answers),
    live: chatLive(messages, answers),
    recent: messages.recent,
    health: async () => (await climb(engines)).health,
    stop: answers.stop,
  }
}
