import './door.css'
import { CircleAlert } from 'lucide-react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useRoute } from 'wouter'
import { useTitle } from '../ui/use-title.ts'
import { Wordmark } from '../ui/wordmark.tsx'
import type { Refusal } from './door.ts'
import { useKnock } from './use-knock.ts'

interface DoorViewProps {
  url: string
  refusal: Refusal
  onEnter: (key: string, onDevice: boolean) => void
}

/** Asks for the key of a server that has one. */
export function DoorView({ url, refusal, onEnter }: DoorViewProps) {
  useTitle('Sign in · Rushes')
  const id = useId()
  const [toFilm] = useRoute('/videos/:id')
  const [key, setKey] = useState('')
  const [onDevice, setOnDevice] = useState(false)
  const { fault, checking, knock } = useKnock(url, refusal)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const given = key.trim()
    if (given === '' || checking) return
    if (await knock(given)) return onEnter(given, onDevice)
    input.current?.focus()
    input.current?.select()
  }
  return (
    <main className="door">
      <form className="door-card" aria-busy={checking} onSubmit={submit}>
        <Wordmark />
        <h1>{toFilm ? 'This film is behind a key' : 'This library is behind a key'}</h1>
        <p id={`${id}-about`}>
          Whoever runs this server has it: <code>npm run keys -- create NAME</code> makes one.
        </p>
        <label htmlFor={id}>API key</label>
        <input
          id={id}
          ref={input}
          type="password"
          className="field"
          value={key}
          maxLength={500}
          required
          autoComplete="current-password"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={fault !== null}
          aria-describedby={`${id}-fault ${id}-about`}
          onChange={event => setKey(event.target.value)}
        />
        <div id={`${id}-fault`} role="alert">
          {fault === null ? null : (
            <p className="field-fault">
              <CircleAlert size={16} aria-hidden="true" />
              {fault}
            </p>
          )}
        </div>
        <label className="door-keep">
          <input type="checkbox" checked={onDevice} onChange={event => setOnDevice(event.target.checked)} />
          Keep me signed in on this device
        </label>
        <button type="submit" className="button button-primary">
          {toFilm ? 'Open the film' : 'Open the library'}
        </button>
      </form>
    </main>
  )
}
