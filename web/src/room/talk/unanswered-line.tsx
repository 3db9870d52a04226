import { useEffect, useState } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { useTalk } from './talk-context.ts'

/** A question that was just asked is given this long before anyone says that nothing answers it. */
const graceMs = 4000

/** A question that nothing answers any more: whoever sees it may ask again. */
export function UnansweredLine({ question }: { question: Message }) {
  const { retryAnswer } = useTalk()
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), graceMs)
    return () => clearTimeout(timer)
  }, [])
  if (!isLate) return null
  return (
    <p className="message-failed message-quiet">
      No answer came.{' '}
      <button type="button" onClick={() => retryAnswer(question.id)}>
        Try again
      </button>
    </p>
  )
}
