import { Sparkles } from 'lucide-react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import type { StreamingAnswer } from '../../../../client-sdk/src/react/index.ts'
import { AnswerTo } from './answer-to.tsx'
import { useTalk } from './talk-context.ts'
import { TimedText } from './timed-text.tsx'

interface StreamingRowProps {
  answer: StreamingAnswer
  /** Also one that was deleted. */
  question: Message | undefined
  isQuestionGone: boolean
}

/** An answer while it comes, or why it won't. Readers hear it whole, when it is done. */
export function StreamingRow({ answer, question, isQuestionGone }: StreamingRowProps) {
  const { cancelAnswer } = useTalk()
  const { answerId, failure, text } = answer
  return (
    <li className="answer" data-streaming={failure === null} aria-busy={failure === null}>
      <Sparkles size={16} aria-hidden="true" />
      <div>
        <p className="message-head">
          <b>{failure ? 'No answer' : 'Answering'}</b>
          {question ? <AnswerTo question={question} isGone={isQuestionGone} /> : null}
          {failure ? null : (
            <button type="button" className="cancel-answer" onClick={() => cancelAnswer(answerId)}>
              Cancel
            </button>
          )}
        </p>
        {failure ? (
          <WhyNot answer={answer} />
        ) : (
          <div className="answer-body">
            {text === '' ? (
              <span className="thinking">Looking through the film</span>
            ) : (
              <TimedText text={text} checked="in brackets" />
            )}
            <span className="caret" aria-hidden="true" />
          </div>
        )}
      </div>
    </li>
  )
}

function WhyNot({ answer: { questionId, failure } }: { answer: StreamingAnswer }) {
  const { retryAnswer } = useTalk()
  const wasCancelled = failure?.code === 'answer.cancelled'
  return (
    <p className={wasCancelled ? 'message-failed message-quiet' : 'message-failed'} role="alert">
      {wasCancelled ? 'It was cancelled.' : failure?.message}{' '}
      <button type="button" onClick={() => retryAnswer(questionId)}>
        Try again
      </button>
    </p>
  )
}
