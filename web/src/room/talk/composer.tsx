import { Clock, SendHorizontal, Sparkles } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { timeCode } from '../../../../client-sdk/src/index.ts'
import type { RoomHandle } from '../../../../client-sdk/src/react/index.ts'
import { usePlaybackValue } from '../playback.ts'
import { NameForm } from './name-form.tsx'
import { useDraft } from './use-draft.ts'

interface ComposerProps {
  room: RoomHandle
  name: string | null
  onName: (name: string) => void
  inputRef: RefObject<HTMLTextAreaElement | null>
}

const longest = 4000

export function Composer({ room, name, onName, inputRef }: ComposerProps) {
  const draft = useDraft(inputRef, room.setTyping)
  const [naming, setNaming] = useState(false)

  const send = (author: string) => {
    const { body, atSeconds } = draft
    if (draft.asking) room.ask({ body, author, ...(draft.timed ? { atSeconds } : {}) })
    else room.send({ body, author, ...(draft.timed ? { atSeconds } : {}) })
    draft.clear()
    inputRef.current?.focus()
  }
  const submit = () => {
    if (draft.body === '') return
    if (name === null) setNaming(true)
    else send(name)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition chooses a word; it does not send.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      submit()
    }
    if (event.key === 'Escape') inputRef.current?.blur()
  }
  if (naming) {
    const named = (chosen: string) => {
      setNaming(false)
      onName(chosen)
      send(chosen)
    }
    return <NameForm onName={named} onCancel={() => setNaming(false)} />
  }
  return (
    <form
      className="composer"
      data-asking={draft.asking}
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
    >
      <textarea
        ref={inputRef}
        rows={1}
        maxLength={longest}
        aria-label={draft.asking ? 'Your question to the film' : 'Your message'}
        placeholder={draft.asking ? 'Ask the film…' : 'Say something, or ? to ask the film'}
        value={draft.text}
        onChange={event => draft.setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="composer-row">
        <button type="button" className="toggle" aria-pressed={draft.timed} onClick={draft.toggleTimed}>
          <Clock size={14} aria-hidden="true" />
          at <AtSeconds held={draft.heldSeconds} />
        </button>
        <button type="button" className="toggle" aria-pressed={draft.asking} onClick={draft.toggleAsking}>
          <Sparkles size={14} aria-hidden="true" />
          Ask
        </button>
        <button
          type="submit"
          className="send-button"
          aria-label={draft.asking ? 'Ask' : 'Send'}
          disabled={draft.body === ''}
        >
          <SendHorizontal size={16} />
        </button>
      </div>
    </form>
  )
}

/** The film's second, or the one held since the typing began. */
function AtSeconds({ held }: { held: number | null }) {
  const second = usePlaybackValue(now => Math.floor(now.seconds))
  return <>{timeCode(held ?? second)}</>
}
