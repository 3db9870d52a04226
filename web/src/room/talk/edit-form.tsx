import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { useDesk } from '../desk.ts'
import { MentionField } from './mention-field.tsx'
import { mentionsIn } from './mentions.ts'
import { useTalk } from './talk-context.ts'

/** A message of mine, while I change it: Enter keeps the change, Esc does not. */
export function EditForm({ message }: { message: Message }) {
  const { edit: open } = useDesk()
  const { edit, people } = useTalk()
  const [body, setBody] = useState(message.body)
  const [chosen, setChosen] = useState(new Set<string>(message.mentions))
  const input = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.setSelectionRange(message.body.length, message.body.length)
  }, [message.body])

  const close = () => {
    const row = input.current?.closest<HTMLElement>('[data-message]')
    open(null)
    row?.focus()
  }
  const save = () => {
    const text = body.trim()
    if (text === '') return
    const everyone = [...people].map(([id, name]) => ({ id, name }))
    if (text !== message.body) edit(message.id, text, mentionsIn(text, everyone, chosen))
    close()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') close()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    save()
  }
  return (
    <form
      className="edit-form"
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
    >
      <MentionField
        inputRef={input}
        value={body}
        onChange={setBody}
        onKeyDown={onKeyDown}
        onMention={id => setChosen(new Set([...chosen, id]))}
        label="Change your message"
      />
      <div className="composer-row">
        <span className="edit-hint">Esc leaves it as it was</span>
        <button type="button" className="toggle" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="toggle toggle-strong" disabled={body.trim() === ''}>
          Save
        </button>
      </div>
    </form>
  )
}
