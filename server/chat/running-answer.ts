import { setImmediate, setTimeout as wait } from 'node:timers/promises'
import type { AnswerPart, Message, MessageId, VideoId } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import { AppError, toFailure } from '../platform/errors.ts'
import { outlast } from '../platform/outlast.ts'
import type { AnswerNews } from './answer-news.ts'
import { type AnswerTurn, type AnswerTurns, doubtMs, TurnLost } from './answer-turns.ts'
import { type AnswerSources, composeAnswer } from './compose-answer.ts'
import type { StoreMessage } from './message-store.ts'
import { type ChatMetrics, countCost } from './metrics.ts'
import { findMessage } from './queries.ts'
import { type Asked, type Question, storeQuestion } from './question.ts'

export interface AnsweringOptions extends AnswerSources {
  database: Pick<Database, 'db'>
  store: StoreMessage
  news: AnswerNews
  turns: AnswerTurns
  metrics: ChatMetrics
}

/** A question that is being stored and answered. */
export interface RunningAnswer {
  videoId: VideoId
  question: Question
  /** Rejects with `video.not_found`, `message.not_found`, `request.invalid`. */
  asked: Promise<Asked>
  /** The stored answer. Rejects with what went wrong, which the room was told. */
  answer: Promise<Message>
  /** Known once the question is stored. */
  answerId: MessageId | undefined
  /** What was streamed so far. */
  text: string
  followers: Set<(part: AnswerPart) => void>
  /** A room waits for it, so it goes on when its followers leave. */
  isForRoom: boolean
  /** Another server writes it. */
  isElsewhere: boolean
  /** Throws the reason where the answer is awaited. */
  abort(reason: AppError): void
}

/** Stores a question, answers it and stores the answer, unless that is there already. Tells the room as it goes. */
export function startAnswer(options: AnsweringOptions, question: Question): RunningAnswer {
  const controller = new AbortController()
  const { signal } = controller
  const asked = storeQuestion(options, question)
  const answer = asked.then(async ({ message, answerId, isNew }) => {
    running.answerId = answerId
    return answerOnce(options, { question: message, answerId, running, signal, isNew })
  })
  const running: RunningAnswer = {
    ...{ videoId: question.videoId, question },
    ...{ asked, answer, answerId: undefined, text: '', followers: new Set(), isForRoom: false },
    isElsewhere: false,
    abort: reason => controller.abort(reason),
  }
  // Whoever asked awaits `asked`; the room is told of a failed answer by a notice, awaited or not.
  answer.catch(() => {})
  return running
}

interface Run {
  question: Message
  answerId: MessageId
  running: RunningAnswer
  signal: AbortSignal
  isNew: boolean
}

/** By one server; the others that were asked the same wait, and have its answer then. */
async function answerOnce(options: AnsweringOptions, run: Run): Promise<Message> {
  const { running, signal } = run
  for (let isFirst = true; ; isFirst = false) {
    running.isElsewhere = true
    const turn = await taken(options, run)
    // The room is told by the server that writes it.
    if (!turn) throw signal.reason
    const message = await answerInTurn(options, { ...run, turn, isFirst }).finally(turn.release)
    if (message) return message
    await wait(doubtMs, undefined, { signal }).catch(() => {})
    signal.throwIfAborted()
  }
}

/** Undefined when it is to be taken once more: another server writes it, or may. */
async function answerInTurn(
  options: AnsweringOptions,
  run: Run & { turn: AnswerTurn; isFirst: boolean },
): Promise<Message | undefined> {
  const { running, answerId, signal, turn, isFirst } = run
  const isNew = run.isNew && isFirst && !turn.waited
  const known = isNew ? undefined : await outlast(signal, () => findMessage(options.database.db, answerId))
  if (known) {
    running.isElsewhere = false
    tell(running, { type: 'text', text: known.body })
    return known
  }
  // Whoever was at it may only have lost their connection for a moment.
  if (isFirst && (turn.waited || options.news.roomOf(answerId))) return undefined
  running.isElsewhere = false
  try {
    return await answerInRoom(options, { ...run, signal: AbortSignal.any([signal, turn.lost]) })
  } catch (fault) {
    if (!(fault instanceof TurnLost)) throw fault
    running.text = ''
    tell(running, { type: 'anew' })
    return undefined
  }
}

/** Whoever waits hears of it when nobody can tell who writes it. */
async function taken(options: AnsweringOptions, { question, answerId, signal }: Run): Promise<AnswerTurn | null> {
  try {
    return await outlast(signal, () => options.turns.take(answerId, signal))
  } catch (fault) {
    if (signal.aborted) return null
    reportFault(options, { videoId: question.videoId, questionId: question.id, answerId, fault })
    throw fault
  }
}

async function answerInRoom(options: AnsweringOptions, run: Run): Promise<Message> {
  const { news, metrics } = options
  const { answerId } = run
  const { videoId, id: questionId } = run.question
  try {
    // The asker learns the answer's id before its first word comes.
    await setImmediate()
    run.signal.throwIfAborted()
    news.tell({ name: 'answer.started', payload: { videoId, answerId, questionId } })
    const message = await streamAnswer(options, run)
    news.tell({ name: 'answer.done', payload: { videoId, answerId, message } })
    metrics.answers.inc({ outcome: 'answered' })
    return message
  } catch (thrown) {
    const fault = run.signal.aborted ? run.signal.reason : thrown
    if (fault instanceof TurnLost) throw fault
    reportFault(options, { videoId, questionId, answerId, fault })
    throw fault
  }
}

async function streamAnswer(
  options: AnsweringOptions,
  { question, answerId: id, running, signal }: Run,
): Promise<Message> {
  const { store, news } = options
  const { videoId, id: replyTo } = question
  let index = 0
  const onText = (text: string) => {
    news.tell({ name: 'answer.delta', payload: { videoId, answerId: id, index: index++, text } })
    running.text += text
    tell(running, { type: 'text', text })
  }
  const onAnew = () => {
    news.tell({ name: 'answer.started', payload: { videoId, answerId: id, questionId: replyTo } })
    index = 0
    running.text = ''
    tell(running, { type: 'anew' })
  }
  signal.throwIfAborted()
  const written = await composeAnswer(options, question, { signal, onText, onAnew })
  countCost(options.metrics, written.usage)
  signal.throwIfAborted()
  tell(running, { type: 'citations', citations: written.citations })
  const answer = { kind: 'answer', author: written.engine, clientId: null, sender: null } as const
  // The room has read it: it is not thrown away because the database is away for a moment.
  const { message } = await outlast(signal, () => store({ id, videoId, replyTo, ...answer, ...written })).catch(
    async fault => {
      if (!(fault instanceof AppError) || fault.code !== 'message.not_found') throw fault
      // With the film all that was said there is gone.
      await options.videos.get(videoId)
      throw new AppError('answer.cancelled', withdrawn)
    },
  )
  return message
}

export const withdrawn = 'The question was deleted.'

function reportFault(
  { news, metrics, log }: AnsweringOptions,
  failed: { videoId: VideoId; questionId: MessageId; answerId: MessageId; fault: unknown },
): void {
  const { videoId, questionId, answerId, fault } = failed
  const { code, message } = toFailure(fault, answerId).error
  news.tell({ name: 'answer.failed', payload: { videoId, answerId, questionId, error: { code, message } } })
  metrics.answers.inc({ outcome: code === 'answer.cancelled' ? 'cancelled' : 'failed' })
  if (code === 'server.internal') log.error({ videoId, answerId, err: fault }, 'answer failed')
  else log.info({ videoId, answerId, code, reason: message }, 'no answer was given')
}

function tell({ followers }: RunningAnswer, part: AnswerPart): void {
  for (const follower of followers) follower(part)
}
