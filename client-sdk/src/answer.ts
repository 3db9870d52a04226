import type { AnswerPart, Message } from '../../shared/index.ts'
import { createDeferred } from './deferred.ts'
import { RushesError } from './rushes-error.ts'

/**
 * An answer as it is written. Iterating gives its parts: text as it comes, then the citations, then the message; `anew`, which is rare, takes the text so far back. More
 * than one reader may iterate, each from the first part on. Throws `RushesError` (`answer.failed`, …) where it is read; its
 * `details` have `questionId` and `answerId` once the question is stored.
 */
export interface Answer extends AsyncIterable<AnswerPart> {
  /** The whole text. */
  text(): Promise<string>
  /** The answer as it stands in the room, with its citations. */
  message(): Promise<Message>
  /** Known once the server has stored the question: for `room.retryAnswer`. Throws why it has not. */
  readonly questionId: Promise<string>
  /** Known at the same time: for `room.cancelAnswer`. */
  readonly answerId: Promise<string>
}

export interface AnswerIds {
  questionId: string
  answerId: string
}

/** The writing end of an answer. */
export interface AnswerWriter {
  answer: Answer
  readonly isSettled: boolean
  /** The question is stored: this is what it and its answer are called. */
  name(ids: AnswerIds): void
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
  const names = writeNames()
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
      ...names.promises,
    },
    get isSettled() {
      return isSettled
    },
    name: names.set,
    writeUpTo,
    beginAnew,
    finish(message) {
      if (isSettled) return
      if (message.replyTo) names.set({ questionId: message.replyTo, answerId: message.id })
      if (!message.body.startsWith(given)) beginAnew()
      writeUpTo(message.body)
      isSettled = true
      settled.resolve(message)
      add({ type: 'citations', citations: message.citations }, { type: 'done', message })
    },
    fail(fault) {
      if (isSettled) return
      isSettled = true
      names.fail(fault)
      settled.reject(names.addedTo(fault))
      changed.resolve()
    },
  }
}

/** What the question and its answer are called, once that is known. */
function writeNames() {
  const named = createDeferred<AnswerIds>()
  let known: AnswerIds | undefined
  const questionId = named.promise.then(ids => ids.questionId)
  const answerId = named.promise.then(ids => ids.answerId)
  // Nobody has to want them.
  for (const promise of [questionId, answerId]) promise.catch(() => {})
  return {
    promises: { questionId, answerId },
    set(ids: AnswerIds) {
      known ??= ids
      named.resolve(known)
    },
    fail: named.reject,
    /** The same fault, with them among its details: whoever catches it may try again. */
    addedTo(fault: unknown): unknown {
      if (!known || !(fault instanceof RushesError)) return fault
      const { code, message, status, requestId, cause } = fault
      const details = { ...(fault.details as object | undefined), ...known }
      return new RushesError(code, message, { status, cause, details, ...(requestId !== null && { requestId }) })
    },
  }
}
