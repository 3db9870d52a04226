import { Sparkles } from 'lucide-react'
import type { StreamingAnswer } from '../../../../client-sdk/src/react/index.ts'
import { TimedText } from './timed-text.tsx'

/** An answer while it comes, or why it won't. Readers hear it whole, when it is done. */
export function StreamingRow({ answer }: { answer: StreamingAnswer }) {
  return (
    <li className="answer" data-streaming="true" aria-busy={answer.failure === null}>
      <Sparkles size={16} aria-hidden="true" />
      <div>
        <p className="message-head">
          <b>{answer.failure ? 'No answer' : 'Answering'}</b>
        </p>
        {answer.failure ? (
          <p className="message-failed" role="alert">
            {answer.failure.message} Ask again to retry.
          </p>
        ) : (
          <div className="answer-body">
            {answer.text === '' ? (
              <span className="thinking">Looking through the film</span>
            ) : (
              <TimedText text={answer.text} />
            )}
            <span className="caret" aria-hidden="true" />
          </div>
        )}
      </div>
    </li>
  )
}
