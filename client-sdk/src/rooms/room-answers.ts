import type { AnswerInProgress, Message, SocketNotices } from '../../../shared/index.ts'
import { type Answer, writeAnswer } from '../answer.ts'
import { newClientId } from '../client-id.ts'
import { RushesError } from '../rushes-error.ts'
import { type AnswersInProgress, createAnswersInProgress } from './answers-in-progress.ts'
import { type Asking, type Askings, createAskings, type Step } from './askings.ts'
import type { Link } from './link.ts'
import type { Outbox } from './outbox.ts'
import type { RoomAskOptions } from './room.ts'

export interface RoomAnswers {
  /** All that are being written in the room, whoever asked. */
  readonly inProgress: AnswerInProgress[]
  ask(question: string, options: RoomAskOptions): Answer
  /** Joining says how far the answers are; an older server says nothing of them. */
  joined(answers: readonly AnswerInProgress[] | undefined): void
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

export function createRoomAnswers({ videoId, link, outbox, find }: RoomAnswersOptions): RoomAnswers {
  const progress = createAnswersInProgress()
  const askings = createAskings()

  const { show, met } = hearAnswers({ videoId, link, progress, askings })

  const submit = async (asking: Asking, signal?: AbortSignal) => {
    try {
      const { message, answerId } = await outbox.send('question.ask', asking.payload, signal)
      asking.writer.name({ questionId: message.id, answerId })
      askings.name(asking, answerId)
      show(answerId)
      const known = find(answerId)
      if (known) met(known)
    } catch (fault) {
      askings.take(asking, writer => writer.fail(fault))
    }
  }
  const cancel = (asking: Asking, reason: unknown) => {
    // Too late, or the connection is gone: either way nobody waits for it here any more.
    if (asking.answerId) link.request('answer.cancel', { answerId: asking.answerId }).catch(() => {})
    askings.take(asking, writer => writer.fail(reason))
  }

  return {
    get inProgress() {
      return progress.list
    },
    joined(answers = []) {
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
      for (const asking of askings) askings.take(asking, writer => writer.fail(reason))
    },
  }
}

interface Hearing extends Pick<RoomAnswersOptions, 'videoId'> {
  link: Pick<Link, 'onNotice'>
  progress: AnswersInProgress
  askings: Askings
}

/** Keeps how far answers are, and tells those that were asked for here. */
function hearAnswers({ videoId, link, progress, askings }: Hearing) {
  const show = (answerId: string) => {
    const text = progress.textOf(answerId)
    if (text) askings.tell(answerId, writer => writer.writeUpTo(text))
  }
  const end = (answerId: string, step: Step) => {
    progress.ended(answerId)
    askings.tell(answerId, step)
  }
  const met = (message: Message) => end(message.id, writer => writer.finish(message))

  hearNotices(link, videoId, {
    met,
    started(notice) {
      askings.restart(notice.answerId)
      progress.started(notice)
    },
    added(notice) {
      progress.added(notice)
      show(notice.answerId)
    },
    failed: ({ answerId, error }) => end(answerId, writer => writer.fail(new RushesError(error.code, error.message))),
  })
  return { show, met }
}

interface Heard {
  started(notice: SocketNotices['answer.started']): void
  added(notice: SocketNotices['answer.delta']): void
  met(message: Message): void
  failed(notice: SocketNotices['answer.failed']): void
}

function hearNotices({ onNotice }: Pick<Link, 'onNotice'>, videoId: string, heard: Heard): void {
  const isOurs = (notice: { videoId: string }) => notice.videoId === videoId
  onNotice('answer.started', notice => isOurs(notice) && heard.started(notice))
  onNotice('answer.delta', notice => isOurs(notice) && heard.added(notice))
  onNotice('answer.done', notice => isOurs(notice) && heard.met(notice.message))
  onNotice('answer.failed', notice => isOurs(notice) && heard.failed(notice))
}
