import { useEffect, useRef } from 'react'
import type { Message } from '../../../client-sdk/src/index.ts'
import { useDesk } from './desk.ts'

/** An answer that has just come lights its citations on the timeline. */
export function useAnswerLight(messages: readonly Message[]): void {
  const { light } = useDesk()
  const seen = useRef<string | null>(null)
  const last = messages.at(-1)
  useEffect(() => {
    const before = seen.current
    seen.current = last?.id ?? ''
    if (before === null || !last || last.id === before || last.kind !== 'answer') return
    light({ messageId: last.id, citations: last.citations, chosen: null })
  }, [last, light])
}
