import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { useRoom, useUnread } from '../../../../client-sdk/src/react/index.ts'
import { useDesk } from '../desk.ts'

/** Looked at for so long after coming back, it was seen; what comes while one looks, at once. */
const seenMs = 600
const nearEnd = 80

/** The first message that I had not seen when I came back; what is in sight to its end is marked as read. */
export function useUnreadLine(scroller: RefObject<HTMLElement | null>, messages: readonly Message[]): string | null {
  const { memberId } = useRoom()
  const { messages: count, seq, markRead } = useUnread()
  const isSeen = useIsSeen(scroller, messages.length)
  const [line, setLine] = useState<string | null>(null)
  /** In sight since before the last message came: what comes then needs no line. */
  const wasSeen = useRef(false)

  useEffect(() => {
    if (memberId === null) return
    // Who was never here before has nothing that is new since then.
    if (count > 0 && seq > 0 && !wasSeen.current) setLine(old => old ?? firstUnread(messages, count, memberId))
    if (!isSeen) {
      // Whatever was new has been seen by now: the next line is another one.
      if (wasSeen.current) setLine(null)
      wasSeen.current = false
      return
    }
    const isWatched = wasSeen.current
    wasSeen.current = true
    if (count === 0) return
    const timer = setTimeout(markRead, isWatched ? 0 : seenMs)
    return () => clearTimeout(timer)
  }, [count, seq, isSeen, memberId, messages, markRead])
  return line
}

/** Counted from the end, without my own. */
function firstUnread(messages: readonly Message[], count: number, me: string): string | null {
  const others = messages.filter(message => message.authorId !== me)
  return others.at(-Math.min(count, others.length))?.id ?? null
}

/** The talk is open, its end in sight, and the page is looked at. */
function useIsSeen(scroller: RefObject<HTMLElement | null>, growth: number): boolean {
  const { tab } = useDesk()
  const [isSeen, setSeen] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end is somewhere else whenever the talk has grown
  useEffect(() => {
    const panel = scroller.current
    if (!panel) return
    const look = () => {
      const isAtEnd = panel.scrollHeight - panel.scrollTop - panel.clientHeight < nearEnd
      setSeen(tab === 'talk' && isAtEnd && document.visibilityState === 'visible')
    }
    look()
    const controller = new AbortController()
    panel.addEventListener('scroll', look, { signal: controller.signal, passive: true })
    document.addEventListener('visibilitychange', look, { signal: controller.signal })
    return () => controller.abort()
  }, [scroller, tab, growth])
  return isSeen
}
