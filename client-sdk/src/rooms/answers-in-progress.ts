import type { AnswerInProgress, SocketNotices } from '../../../shared/index.ts'

/** The answers of a room that are being written, as far as they have come. Pure: it is told what was heard. */
export interface AnswersInProgress {
  /** Those known from their beginning, in the order in which they began; another array after every change. */
  readonly list: AnswerInProgress[]
  textOf(answerId: string): string | undefined
  /** What joining answered: the rest of what was known has ended meanwhile. */
  joined(answers: readonly AnswerInProgress[]): void
  started(notice: SocketNotices['answer.started']): void
  added(notice: SocketNotices['answer.delta']): void
  ended(answerId: string): void
}

interface Written extends Omit<AnswerInProgress, 'questionId'> {
  /** Null when its beginning was missed. */
  questionId: AnswerInProgress['questionId'] | null
  /** Pieces that came before those that they follow: by their index. */
  early: Map<number, string>
}

/** Pieces that are kept for one answer while another is missing. */
const mostEarly = 2000

export function createAnswersInProgress(): AnswersInProgress {
  let answers = new Map<string, Written>()
  let list: AnswerInProgress[] = []

  const change = (next: Map<string, Written>) => {
    answers = next
    list = [...next.values()].flatMap(({ early: _, questionId, ...answer }) =>
      questionId === null ? [] : [{ ...answer, questionId }],
    )
  }
  const put = (answer: Written) => change(new Map(answers).set(answer.answerId, answer))

  return {
    get list() {
      return list
    },
    textOf: answerId => answers.get(answerId)?.text,
    joined(begun) {
      change(
        new Map(
          begun.map(answer => {
            const known = answers.get(answer.answerId)
            // What came while joining may be further already.
            const isFurther = known !== undefined && known.nextIndex > answer.nextIndex
            const early = known?.early ?? new Map<number, string>()
            return [
              answer.answerId,
              isFurther ? { ...known, questionId: answer.questionId } : withEarly({ ...answer, early }),
            ]
          }),
        ),
      )
    },
    started: ({ answerId, questionId }) => put({ answerId, questionId, text: '', nextIndex: 0, early: new Map() }),
    added({ answerId, index, text }) {
      const known: Written = answers.get(answerId) ?? {
        answerId,
        questionId: null,
        text: '',
        nextIndex: 0,
        early: new Map(),
      }
      if (index < known.nextIndex || known.early.size >= mostEarly) return
      put(withEarly({ ...known, early: new Map(known.early).set(index, text) }))
    },
    ended(answerId) {
      if (!answers.has(answerId)) return
      const left = new Map(answers)
      left.delete(answerId)
      change(left)
    },
  }
}

/** As far as it goes without a hole; the rest comes with the end, or with the next joining. */
function withEarly(answer: Written): Written {
  const early = new Map(answer.early)
  let { text, nextIndex } = answer
  for (const index of early.keys()) if (index < nextIndex) early.delete(index)
  for (let next = early.get(nextIndex); next !== undefined; next = early.get(nextIndex)) {
    text += next
    early.delete(nextIndex++)
  }
  return { ...answer, text, nextIndex, early }
}
