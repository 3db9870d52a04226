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
  const askingOf = (answerId: string) => [...askings].find(each => each.answerId === answerId)
  const fail = (asking: Asking, fault: unknown) => {
    askings.delete(asking)
    asking.writer.fail(fault)
  }
  const met = (message: Message) => {
    const asking = askingOf(message.id)
    if (!asking) return
    askings.delete(asking)
    asking.writer.finish(message)
  }
  followNotices(link, { askingOf, met, fail })

  const submit = async (asking: Asking, signal?: AbortSignal) => {
    try {
      const { answerId } = await outbox.send('question.ask', asking.payload, signal)
      asking.answerId = answerId
      const known = find(answerId)
      if (known) met(known)
    } catch (fault) {
      fail(asking, fault)
    }
  }

  const cancel = (asking: Asking, reason: unknown) => {
    // Too late, or the connection is gone: either way nobody waits for it here any more.
    if (asking.answerId) link.request('answer.cancel', { answerId: asking.answerId }).catch(() => {})
    fail(asking, reason)
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
      for (const asking of askings) fail(asking, reason)
    },
  }
}

interface Follow {
  askingOf: (answerId: string) => Asking | undefined
  met: (message: Message) => void
  fail: (asking: Asking, fault: unknown) => void
}

function followNotices(link: Pick<Link, 'onNotice'>, { askingOf, met, fail }: Follow): void {
  link.onNotice('answer.started', ({ answerId }) => {
    const asking = askingOf(answerId)
    if (asking) Object.assign(asking, { text: '', nextIndex: 0 })
  })
  link.onNotice('answer.delta', ({ answerId, index, text }) => {
    const asking = askingOf(answerId)
    if (!asking) return
    asking.nextIndex = index === asking.nextIndex ? index + 1 : null
    if (asking.nextIndex === null) return
    asking.text += text
    asking.writer.writeUpTo(asking.text)
  })
  link.onNotice('answer.done', ({ message }) => met(message))
  link.onNotice('answer.failed', ({ answerId, error }) => {
    const asking = askingOf(answerId)
    if (asking) fail(asking, new RushesError(error.code, error.message))
  })
}
