import type { Message, SocketRequestInput } from '../../../shared/index.ts'
import { type Answer, type AnswerWriter, writeAnswer } from '../answer.ts'
import { newClientId } from '../client-id.ts'
import { RushesError } from '../rushes-error.ts'
import type { Link } from './link.ts'
import type { Outbox } from './outbox.ts'
import type { RoomAskOptions } from './room.ts'

/** A question of ours whose answer is on its way. */
interface Asking {
  payload: SocketRequestInput<'question.ask'>
  writer: AnswerWriter
  answerId: string | null
  text: string
  /** The `index` of the next piece of text; null when one was lost: the whole comes with the end. */
  nextIndex: number | null
}

export interface RoomAnswers {
  ask(question: string, options: RoomAskOptions): Answer
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
  const askings = new Set<Asking>()
  // What is told of an answer may be read in one go with the acknowledgement that names it, and be handled before it.
  let early: Notice[] = []
  const isNaming = () => [...askings].some(asking => asking.answerId === null)

  const settle = (asking: Asking, end: (writer: AnswerWriter) => void) => {
    askings.delete(asking)
    if (!isNaming()) early = []
    end(asking.writer)
  }
  const follow = (notice: Notice) => {
    const asking = [...askings].find(each => each.answerId === notice.answerId)
    if (!asking) return void (isNaming() && early.push(notice))
    const end = notice.apply(asking)
    if (end) settle(asking, end)
  }
  const met = (message: Message) => follow({ answerId: message.id, apply: () => writer => writer.finish(message) })
  readNotices(link, follow)

  const submit = async (asking: Asking, signal?: AbortSignal) => {
    try {
      const { answerId } = await outbox.send('question.ask', asking.payload, signal)
      asking.answerId = answerId
      const missed = early
      early = []
      missed.forEach(follow)
      const known = find(answerId)
      if (known) met(known)
    } catch (fault) {
      settle(asking, writer => writer.fail(fault))
    }
  }

  const cancel = (asking: Asking, reason: unknown) => {
    // Too late, or the connection is gone: either way nobody waits for it here any more.
    if (asking.answerId) link.request('answer.cancel', { answerId: asking.answerId }).catch(() => {})
    settle(asking, writer => writer.fail(reason))
  }

  return {
    met,
    ask(question, { signal, atSeconds, clientId = newClientId() }) {
      const timed = atSeconds === undefined ? {} : { atSeconds }
      const payload = { videoId, clientId, question, ...timed }
      const asking: Asking = { payload, writer: writeAnswer(), answerId: null, text: '', nextIndex: 0 }
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
      for (const asking of askings) settle(asking, writer => writer.fail(reason))
    },
  }
}

/** Something told of an answer. `apply` returns how the answer ends by it, null when it goes on. */
interface Notice {
  answerId: string
  apply(asking: Asking): ((writer: AnswerWriter) => void) | null
}

function readNotices({ onNotice }: Pick<Link, 'onNotice'>, follow: (notice: Notice) => void): void {
  onNotice('answer.started', ({ answerId }) => follow({ answerId, apply: asking => restart(asking) }))
  onNotice('answer.delta', ({ answerId, index, text }) =>
    follow({ answerId, apply: asking => addText(asking, index, text) }),
  )
  onNotice('answer.done', ({ answerId, message }) =>
    follow({ answerId, apply: () => writer => writer.finish(message) }),
  )
  onNotice('answer.failed', ({ answerId, error }) =>
    follow({ answerId, apply: () => writer => writer.fail(new RushesError(error.code, error.message)) }),
  )
}

function restart(asking: Asking): null {
  asking.text = ''
  asking.nextIndex = 0
  return null
}

function addText(asking: Asking, index: number, text: string): null {
  asking.nextIndex = index === asking.nextIndex ? index + 1 : null
  if (asking.nextIndex === null) return null
  asking.text += text
  asking.writer.writeUpTo(asking.text)
  return null
}
