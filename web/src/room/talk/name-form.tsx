import { type FormEvent, useEffect, useId, useRef, useState } from 'react'

interface NameFormProps {
  onName: (name: string) => void
  onCancel: () => void
}

/** Asked once, at the first word, in the place where one was writing. */
export function NameForm({ onName, onCancel }: NameFormProps) {
  const id = useId()
  const [name, setName] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') onName(name.trim())
  }
  return (
    <form className="name-form" onSubmit={submit}>
      <label htmlFor={id}>What should the others call you?</label>
      <div>
        <input
          id={id}
          ref={input}
          className="field"
          value={name}
          maxLength={60}
          autoComplete="nickname"
          onChange={event => setName(event.target.value)}
          onKeyDown={event => event.key === 'Escape' && onCancel()}
        />
        <button type="submit" className="button button-primary" disabled={name.trim() === ''}>
          Send
        </button>
      </div>
    </form>
  )
}
