import { useEffect, useRef, useState } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'

/** Tells readers what came after the page was there: messages, and answers once they are whole. */
export function Announcer({ messages }: { messages: readonly Message[] }) {
  const [text, setText] = useState('')
  const seen = useRef<string | null>(null)
  const last = messages.at(-1)
  useEffect(() => {
    const before = seen.current
    seen.current = last?.id ?? ''
    if (before === null || !last || before === last.id) return
    setText(`${last.kind === 'answer' ? 'Answer' : last.author}: ${last.body}`)
  }, [last])
  return (
    <p className="unseen" aria-live="polite">
      {text}
    </p>
  )
}
