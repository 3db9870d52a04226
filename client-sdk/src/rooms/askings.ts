import type { SocketRequestInput } from '../../../shared/index.ts'
import type { AnswerWriter } from '../answer.ts'

/** A question of ours whose answer is on its way. */
export interface Asking {
  payload: SocketRequestInput<'question.ask'>
  writer: AnswerWriter
  /** Null until the server has named it. */
  answerId: string | null
}

/** What happens to an answer: more text, or its end. */
export type Step = (writer: AnswerWriter) => void

/** The questions that we wait for, and what was told of their answers before we knew which is whose. */
export interface Askings extends Iterable<Asking> {
  add(asking: Asking): void
  /** Something told of an answer, whoever asked for it. */
  tell(answerId: string, step: Step): void
  /** It begins anew: what was told before is void. */
  restart(answerId: string): void
  /** The server says which answer it gets: what was told of that already is done. */
  name(asking: Asking, answerId: string): void
  take(asking: Asking, step: Step): void
}

export function createAskings(): Askings {
  const askings = new Set<Asking>()
  // What is told of an answer may be read in one go with the acknowledgement that names it, and be handled before it.
  let early = new Map<string, Step[]>()
  const isNaming = () => [...askings].some(asking => asking.answerId === null)

  const take = (asking: Asking, step: Step) => {
    step(asking.writer)
    if (asking.writer.isSettled) askings.delete(asking)
    if (!isNaming()) early = new Map()
  }
  return {
    [Symbol.iterator]: () => [...askings].values(),
    take,
    add: asking => void askings.add(asking),
    restart(answerId) {
      early.delete(answerId)
      for (const asking of askings) if (asking.answerId === answerId) asking.writer.beginAnew()
    },
    tell(answerId, step) {
      const asking = [...askings].find(each => each.answerId === answerId)
      if (asking) take(asking, step)
      else if (isNaming()) early.set(answerId, [...(early.get(answerId) ?? []), step])
    },
    name(asking, answerId) {
      asking.answerId = answerId
      const told = early.get(answerId) ?? []
      for (const step of told) take(asking, step)
      if (!isNaming()) early = new Map()
    },
  }
}
