import type { Room, SocketNotices } from '../index.ts'
import type { RoomState, StreamingAnswer } from './room-state.ts'
import type { Store } from './store.ts'

/** The answers that are being written, and those that failed until they are tried again. */
export interface Answers {
  view(room: Room): Pick<RoomState, 'answers'>
  onFailed(notice: SocketNotices['answer.failed']): void
}

export function createAnswers(store: Store<RoomState>): Answers {
  let failed: readonly StreamingAnswer[] = []

  const view = (room: Room) => {
    const running = room.answers.map(
      ({ answerId, questionId, text }): StreamingAnswer => ({ answerId, questionId, text, failure: null }),
    )
    const questions = new Set<string>(running.map(({ questionId }) => questionId))
    for (const { kind, replyTo } of room.messages) if (kind === 'answer' && replyTo) questions.add(replyTo)
    failed = failed.filter(({ questionId }) => !questions.has(questionId))
    return { answers: sameAnswers(store.get().answers, [...failed, ...running]) }
  }

  return {
    view,
    onFailed({ answerId, error }) {
      const { answers, messages, room } = store.get()
      const known = answers.find(each => each.answerId === answerId)
      // Whoever took their question back wants no answer to it, nor to be told so.
      if (!known || !messages.some(({ id }) => id === known.questionId)) return
      failed = [...failed.filter(each => each.questionId !== known.questionId), { ...known, failure: error }]
      if (room) store.set(view(room))
    },
  }
}

/** The old list, unless one of them has changed. */
function sameAnswers(
  before: readonly StreamingAnswer[],
  after: readonly StreamingAnswer[],
): readonly StreamingAnswer[] {
  const isOld = (answer: StreamingAnswer, at: number) => {
    const old = before[at]
    return old?.answerId === answer.answerId && old.text === answer.text && old.failure === answer.failure
  }
  return before.length === after.length && after.every(isOld) ? before : after
}
