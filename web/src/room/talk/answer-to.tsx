import type { Message } from '../../../../client-sdk/src/index.ts'
import { useDesk } from '../desk.ts'

interface AnswerToProps {
  question: Message
  /** Deleted, for good or while that can be undone: nothing to go to. */
  isGone: boolean
}

/** Whom an answer answers; pressing goes to the question. */
export function AnswerTo({ question: { id, author, body }, isGone }: AnswerToProps) {
  const { point } = useDesk()
  if (isGone)
    return (
      <span className="answer-to" title={body}>
        to {author}
      </span>
    )
  return (
    <button type="button" className="answer-to" title={body} onClick={() => point(id)}>
      to {author}
    </button>
  )
}
