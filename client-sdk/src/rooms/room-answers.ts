import type { AnswerInProgress, Message, SocketRequestInput } from '../../../shared/index.ts'
import { type Answer, type AnswerWriter, writeAnswer } from '../answer.ts'
import { newClientId } from '../client-id.ts'
import { RushesError } from '../rushes-error.ts'
import { createAnswersInProgress } from './answers-in-progress.ts'
import type { Link } from './link.ts'
import type { Outbox } from './outbox.ts'
import type { RoomAskOptions } from './room.ts'

/** A question of ours whose answer is on its way. */
interface Asking {
  payload: SocketRequestInput<'question.ask'>
  writer: AnswerWriter
  answerId: string | null
}

export interface RoomAnswers {
  /** All that are being written in the room, whoever asked. */
  readonly inProgress: AnswerInProgress[]
  ask(question: string, options: RoomAskOptions): Answer
  /** Joining says how far the answers are. */
  joined(answers: readonly AnswerInProgress[]): void
  /** A message has come to the room: it may be an answer that is waited for. */
  met(message: Message): void
  /** Back after a gap: what was being answered is asked for again, by the same `clientId`. */
  resume(): void
  abandon(reason: RushesError): void
}

export interface RoomAnswersOptions {
  videoId: string
  link: Pick<Link, 'onNotice' | 'request'>
  outbox: Pick<Outbox, 'send'>
  find: (messageId: string) => Message | undefined
}

type Step = (writer: AnswerWriter) => void

export function createRoomAnswers({ videoId, link, outbox, find }: RoomAnswersOptions): RoomAnswers {
  const progress = createAnswersInProgress()
  const askings = new Set<Asking>()
  // What is told of an answer may be read in one go with the acknowledgement that names it, and be handled before it.
  let early = new Map<string, Step[]>()
  const isNaming = () => [...askings].some(asking => asking.answerId === null)

  const take = (asking: Asking, step: Step) => {
    step(asking.writer)
    if (asking.writer.isSettled) askings.delete(asking)
    if (!isNaming()) early = new Map()
  }
  const tell = (answerId: string, step: Step) => {
    const asking = [...askings].find(each => each.answerId === answerId)
    if (asking) take(asking, step)
    else if (isNaming()) early.set(answerId, [...(early.get(answerId) ?? []), step])
  }
  const show = (answerId: string) => {
    const text = progress.textOf(answerId)
    if (text) tell(answerId, writer => writer.writeUpTo(text))
  }
  const end = (answerId: string, ending: Step) => {
    progress.ended(answerId)
    tell(answerId, ending)
  }
  const met = (message: Message) => end(message.id, writer => writer.finish(message))

  link.onNotice('answer.started', notice => {
    if (notice.videoId !== videoId) return
    early.delete(notice.answerId)
    progress.started(notice)
  })
  link.onNotice('answer.delta', notice => {
    if (notice.videoId !== videoId) return
    progress.added(notice)
    show(notice.answerId)
  })
  link.onNotice('answer.done', notice => notice.videoId === videoId && met(notice.message))
  link.onNotice('answer.failed', ({ videoId: room, answerId, error }) => {
    if (room === videoId) end(answerId, writer => writer.fail(new RushesError(error.code, error.message)))
  })

  const submit = async (asking: Asking, signal?: AbortSignal) => {
    try {
      const { answerId } = await outbox.send('question.ask', asking.payload, signal)
      asking.answerId = answerId
      const missed = early.get(answerId) ?? []
      for (const step of missed) take(asking, step)
      show(answerId)
      const known = find(answerId)
      if (known) met(known)
      if (!isNaming()) early = new Map()
    } catch (fault) {
      take(asking, writer => writer.fail(fault))
    }
  }

  const cancel = (asking: Asking, reason: unknown) => {
    // Too late, or the connection is gone: either way nobody waits for it here any more.
    if (asking.answerId) link.request('answer.cancel', { answerId: asking.answerId }).catch(() => {})
    take(asking, writer => writer.fail(reason))
  }

  return {
    get inProgress() {
      return progress.list
    },
    joined(answers) {
      progress.joined(answers)
      for (const { answerId } of answers) show(answerId)
    },
    met,
    ask(question, { signal, atSeconds, endSeconds, clientId = newClientId() }) {
      const payload = { videoId, clientId, question, atSeconds, endSeconds }
      const asking: Asking = { payload, writer: writeAnswer(), answerId: null }
      askings.add(asking)
      const onAbort = () => cancel(asking, signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      const unlisten = () => signal?.removeEventListener('abort', onAbort)
      asking.writer.answer.message().then(unlisten, unlisten)
      void submit(asking, signal)
      return asking.writer.answer
    },
    resume() {
      for (const asking of askings) if (asking.answerId) void submit(asking)
    },
    abandon(reason) {
      for (const asking of askings) take(asking, writer => writer.fail(reason))
    },
  }
}
