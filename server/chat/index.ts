/** The talk of a room: messages, and questions that are answered from what is said in the video, streamed and cited. */
import type { AnswerInProgress, EngineHealth, Message, MessageId, VideoId } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { CountRequest } from '../platform/hub/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import { askRungs } from '../platform/rungs.ts'
import { type AnswerNewsOptions, createAnswerNews } from './answer-news.ts'
import { createAnswerTurns } from './answer-turns.ts'
import { createAnswers } from './answers.ts'
import { createMessageChanges } from './change-messages.ts'
import type { ModelOptions } from './engines/openai.ts'
import type { Patience } from './engines/patience.ts'
import { createAnswerEngines } from './engines/rungs.ts'
import { createFilmEnd, type FilmEnd, type FilmEndOptions } from './film-end.ts'
import { chatLive } from './live.ts'
import { createMessageStore } from './message-store.ts'
import { findMessage, listComments } from './queries.ts'
import { createReadMarks, type ReadMarks, type ReadMarksOptions } from './read-marks.ts'
import { chatRoutes } from './routes.ts'
import type { AnsweringOptions } from './running-answer.ts'
import { createMessages } from './service.ts'

export { chatMetrics } from './metrics.ts'

export interface ChatOptions
  extends Omit<AnsweringOptions, 'engines' | 'store' | 'metrics' | 'news' | 'turns' | 'videos'>,
    Omit<ReadMarksOptions, 'bus'>,
    AnswerNewsOptions {
  database: Pick<Database, 'db' | 'connect'>
  journal: Pick<Journal, 'groupedInsert' | 'transact' | 'onCommitted'>
  videos: AnsweringOptions['videos'] & FilmEndOptions['videos']
  metrics: AnsweringOptions['metrics']
  /** How fast one person may talk: counted by the sockets' door, and here what comes without a socket. */
  count: CountRequest
  model: ModelOptions
  /** Answers that one room may wait for at once. */
  answersPerRoom: number
  /** How long the model may be silent. */
  patience?: Patience
}

export interface Chat {
  routes: ReturnType<typeof chatRoutes>
  live: ReturnType<typeof chatLive>
  /** The newest messages of a room, in order of time. */
  recent(videoId: VideoId, limit: number): Promise<Message[]>
  /** For whoever joins: what they have not seen. */
  arrive: ReadMarks['arrive']
  /** What people said about places in the film, with all replies; oldest first, 20 000 at most. */
  comments(videoId: VideoId): Promise<Message[]>
  /** For whoever finds out how long a film is. */
  holdAll: FilmEnd['holdAll']
  /** Answers that are being written, on whichever server. */
  inProgress(videoId: VideoId): AnswerInProgress[]
  health(): Promise<EngineHealth>
  /** Gives up the answers that are being written, and waits for them. */
  stop(): Promise<void>
}

/** A file of more would open in no editor. */
const mostComments = 20_000
const defaultPatience: Patience = { firstMs: 60_000, betweenMs: 20_000, wholeMs: 300_000 }

export function createChat({ journal, model, count, patience = defaultPatience, ...options }: ChatOptions): Chat {
  const engines = createAnswerEngines(model, patience)
  const filmEnd = createFilmEnd({ ...options, journal })
  const store = createMessageStore({ ...options, journal, filmEnd })
  const messages = createMessages({ ...options, store })
  const turns = createAnswerTurns(options.database)
  const fateOf = async (answerId: MessageId) => {
    // It is stored before it is let go of.
    if (await turns.isTaken(answerId)) return 'writing'
    return (await findMessage(options.database.db, answerId)) ?? 'given up'
  }
  const news = createAnswerNews({ ...options, journal, fateOf })
  const answers = createAnswers({ ...options, store, engines, news, turns })
  const changes = createMessageChanges({ journal, filmEnd })
  const marks = createReadMarks(options)
  return {
    routes: chatRoutes({ messages, answers, count }),
    live: chatLive({ messages, changes, marks, answers }),
    recent: messages.recent,
    arrive: marks.arrive,
    comments: videoId => listComments(options.database.db, videoId, mostComments),
    holdAll: filmEnd.holdAll,
    inProgress: news.inProgress,
    health: async () => (await askRungs(engines)).health,
    async stop() {
      await answers.stop()
      await turns.stop()
      news.stop()
    },
  }
}
