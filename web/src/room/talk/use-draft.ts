import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTyping } from '../../../../client-sdk/src/react/index.ts'
import { type Span, useDesk } from '../desk.ts'
import { usePlayback, usePlaybackValue } from '../playback.ts'

export interface DraftState {
  /** As typed. */
  text: string
  setText: (text: string) => void
  /** As it will be sent: trimmed, without a leading `?`. */
  body: string
  asking: boolean
  toggleAsking: () => void
  timed: boolean
  toggleTimed: () => void
  /** The second that the typing began at; null while nothing is typed. */
  heldSeconds: number | null
  /** The marked part of the film, if there is one: then it is what the text is about. */
  span: Span | null
  /** The place in the film to send with the text; nothing when it is about none. */
  place: () => { atSeconds?: number; endSeconds?: number }
  clear: () => void
}

/** What is being written. The second is held from the first letter on: the film may go on while one types. */
export function useDraft(input: RefObject<HTMLTextAreaElement | null>): DraftState {
  const playback = usePlayback()
  const { draft, span, mark } = useDesk()
  const tellTyping = useTyping()
  const [text, setText] = useState('')
  const [ask, setAsk] = useState(false)
  const [timedByHand, setTimedByHand] = useState<boolean | null>(null)
  const [heldSeconds, setHeldSeconds] = useState<number | null>(null)
  const asking = ask || text.startsWith('?')
  const isUnderWay = usePlaybackValue(now => now.seconds >= 1)
  // A question is mostly about the whole film, and so is what is said before it has begun.
  const timed = timedByHand ?? (span !== null || (!asking && (isUnderWay || (heldSeconds ?? 0) >= 1)))
  const body = text.replace(/^\?+/, '').trim()

  const taken = useRef<typeof draft>(null)
  useEffect(() => {
    if (!draft || taken.current === draft) return
    taken.current = draft
    if (draft.body !== undefined) setText(draft.body)
    setAsk(draft.asking)
    setHeldSeconds(playback.snapshot().seconds)
    input.current?.focus()
  }, [draft, input, playback])

  return {
    text,
    setText: next => {
      if (text === '' && heldSeconds === null) setHeldSeconds(playback.snapshot().seconds)
      if (next === '') setHeldSeconds(null)
      setText(next)
      tellTyping(next)
    },
    body,
    asking,
    toggleAsking: () => {
      if (text.startsWith('?')) setText(text.replace(/^\?+\s*/, ''))
      setAsk(!asking)
      input.current?.focus()
    },
    timed,
    toggleTimed: () => setTimedByHand(!timed),
    heldSeconds,
    span,
    place() {
      if (!timed) return {}
      if (!span) return { atSeconds: heldSeconds ?? playback.snapshot().seconds }
      const { startSeconds: atSeconds, endSeconds } = span
      return endSeconds === null ? { atSeconds } : { atSeconds, endSeconds }
    },
    clear: () => {
      setText('')
      tellTyping('')
      if (timed) mark(null)
      setAsk(false)
      setTimedByHand(null)
      setHeldSeconds(null)
    },
  }
}
