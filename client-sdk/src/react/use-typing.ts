import { useEffect, useMemo } from 'react'
import { useRoomActions } from './room-provider.tsx'

const againMs = 3000
const restMs = 2500

/**
 * Says that one types: call it with whatever is in the field whenever that changes. The others hear of it now and then,
 * and that it ended when nothing came for a moment or the field is empty.
 */
export function useTyping(): (text: string) => void {
  const { typing } = useRoomActions()
  const teller = useMemo(() => createTypingTeller(typing), [typing])
  useEffect(() => teller.stop, [teller])
  return teller.tell
}

function createTypingTeller(say: (typing: boolean) => void) {
  let saidAt: number | null = null
  let rest: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    clearTimeout(rest)
    if (saidAt !== null) say(false)
    saidAt = null
  }
  return {
    stop,
    tell(text: string) {
      if (text.trim() === '') return stop()
      clearTimeout(rest)
      rest = setTimeout(stop, restMs)
      const now = performance.now()
      if (saidAt !== null && now - saidAt < againMs) return
      saidAt = now
      say(true)
    },
  }
}
