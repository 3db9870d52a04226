import type { AnswerPart, Message } from '../../shared/index.ts'
import { createDeferred } from './deferred.ts'

/**
 * An answer as it is written. Iterating gives its parts: text as it comes, then the citations, then the message; `anew`, which is rare, takes the text so far back. More
 * than one reader may iterate, each from the first part on. Throws `RushesError` (`answer.failed`, …) where it is read.
 */
export interface Answer extends AsyncIterable<AnswerPart> {
  /** The whole text. */
  text(): Promise<string>
  /** The answer as it stands in the room, with its citations. */
  message(): Promise<Message>
}

/** The writing end of an answer. */
export interface AnswerWriter {
  answer: Answer
  readonly isSettled: boolean
  /** The text from its beginning, as far as it is known; what readers have already is not given again. */
  writeUpTo(text: string): void
  /** What was written is void: readers are told, and the text begins anew. */
  beginAnew(): void
  finish(message: Message): void
  fail(fault: unknown): void
}

export function writeAnswer(): AnswerWriter {
  const parts: AnswerPart[] = []
  const settled = createDeferred<Message>()
  // Nobody has to read an answer; who does gets the fault there.
  settled.promise.catch(() => {})
  let changed = createDeferred<void>()
  let given = ''
  let isSettled = false

  const add = (...more: AnswerPart[]) => {
    parts.push(...more)
    changed.resolve()
    changed = createDeferred()
  }
  const writeUpTo = (text: string) => {
    if (isSettled || text.length <= given.length || !text.startsWith(given)) return
    const more = text.slice(given.length)
    given = text
    add({ type: 'text', text: more })
  }

  const beginAnew = () => {
    if (isSettled || given === '') return
    given = ''
    add({ type: 'anew' })
  }

  async function* read(): AsyncGenerator<AnswerPart> {
    for (let next = 0; ; ) {
      const part = parts[next]
      if (part) {
        next++
        yield part
        if (part.type === 'done') return
      } else if (isSettled) {
        await settled.promise
        return
      } else {
        await changed.promise
      }
    }
  }

  return {
    answer: {
      [Symbol.asyncIterator]: read,
      text: async () => (await settled.promise).body,
      message: () => settled.promise,
    },
    get isSettled() {
      return isSettled
    },
    writeUpTo,
    beginAnew,
    finish(message) {
      if (isSettled) return
      if (!message.body.startsWith(given)) beginAnew()
      writeUpTo(message.body)
      isSettled = true
      settled.resolve(message)
      add({ type: 'citations', citations: message.citations }, { type: 'done', message })
    },
    fail(fault) {
      if (isSettled) return
      isSettled = true
      settled.reject(fault)
      changed.resolve()
    },
  }
}
