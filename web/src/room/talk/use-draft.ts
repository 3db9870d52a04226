import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useDesk } from '../desk.ts'
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
  /** The second to send. */
  readonly atSeconds: number
  clear: () => void
}

const typingRestMs = 2500

/** What is being written. The second is held from the first letter on: the film may go on while one types. */
export function useDraft(
  input: RefObject<HTMLTextAreaElement | null>,
  setTyping: (typing: boolean) => void,
): DraftState {
  const playback = usePlayback()
  const { draft } = useDesk()
  const [text, setText] = useState('')
  const [ask, setAsk] = useState(false)
  const [timedByHand, setTimedByHand] = useState<boolean | null>(null)
  const [heldSeconds, setHeldSeconds] = useState<number | null>(null)
  const asking = ask || text.startsWith('?')
  const isUnderWay = usePlaybackValue(now => now.seconds >= 1)
  // A question is mostly about the whole film, and so is what is said before it has begun.
  const timed = timedByHand ?? (!asking && (isUnderWay || (heldSeconds ?? 0) >= 1))
  const body = text.replace(/^\?+/, '').trim()
  useTypingSignal(text, setTyping)
  useGrowing(input, text)

  const taken = useRef<typeof draft>(null)
  useEffect(() => {
    if (!draft || taken.current === draft) return
    taken.current = draft
    setText(draft.body)
    setAsk(draft.asking)
    setHeldSeconds(draft.atSeconds ?? playback.snapshot().seconds)
    if (draft.atSeconds !== null) setTimedByHand(true)
    input.current?.focus()
  }, [draft, input, playback])

  return {
    text,
    setText: next => {
      if (text === '' && heldSeconds === null) setHeldSeconds(playback.snapshot().seconds)
      if (next === '') setHeldSeconds(null)
      setText(next)
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
    get atSeconds() {
      return heldSeconds ?? playback.snapshot().seconds
    },
    clear: () => {
      setText('')
      setAsk(false)
      setTimedByHand(null)
      setHeldSeconds(null)
    },
  }
}

/** Says that someone types, and that they stopped. */
function useTypingSignal(text: string, setTyping: (typing: boolean) => void): void {
  const active = useRef(false)
  useEffect(() => {
    const say = (typing: boolean) => {
      if (active.current === typing) return
      active.current = typing
      setTyping(typing)
    }
    say(text !== '')
    const timer = setTimeout(() => say(false), typingRestMs)
    return () => clearTimeout(timer)
  }, [text, setTyping])
}

/** As many lines as the text needs; the style sheet says how many at most. */
function useGrowing(input: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it grow
  useLayoutEffect(() => {
    const element = input.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [text, input])
}
