import { useEffect, useState } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { toastMs } from '../../ui/toasts.tsx'
import { useTalk } from './talk-context.ts'

interface UnansweredLineProps {
  question: Message
  /** It had an answer, which was deleted. */
  wasAnswered: boolean
}

/**
 * So long nobody says that nothing answers a question: one that was just asked is given the time, and one whose answer
 * was deleted has it until that can't be undone.
 */
const graceMs = toastMs + 500

/** A question that nothing answers any more: whoever sees it may ask again. */
export function UnansweredLine({ question, wasAnswered }: UnansweredLineProps) {
  const { retryAnswer } = useTalk()
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), graceMs)
    return () => clearTimeout(timer)
  }, [])
  if (!isLate) return null
  return (
    <p className="message-failed message-quiet">
      {wasAnswered ? 'The answer was deleted.' : 'No answer here.'}{' '}
      <button type="button" onClick={() => retryAnswer(question.id)}>
        Ask again
      </button>
    </p>
  )
}
