import './link-field.css'
import { CircleAlert, Link2 } from 'lucide-react'
import { type FormEvent, type RefObject, useId, useState } from 'react'
import { useRushes } from '../../../client-sdk/src/react/index.ts'
import { reasonOf, useToast } from '../ui/toasts.tsx'

interface LinkFieldProps {
  inputRef: RefObject<HTMLInputElement | null>
  /** Called when the library has one more film on its way. */
  onFetching: () => void
}

/** Takes the address of a film that lies elsewhere. What is wrong with it is said in its place. */
export function LinkField({ inputRef, onFetching }: LinkFieldProps) {
  const id = useId()
  const rushes = useRushes()
  const say = useToast()
  const [link, setLink] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const [sending, setSending] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (sending || link.trim() === '') return
    const url = addressIn(link)
    if (url === null) return setFault('That is no web address: it begins with http:// or https://.')
    setSending(true)
    try {
      const video = await rushes.videos.fetch(url)
      setLink('')
      setFault(null)
      say(`“${video.title}” is being fetched.`)
      onFetching()
    } catch (failure) {
      setFault(reasonOf(failure))
    } finally {
      setSending(false)
    }
  }
  const change = (text: string) => {
    setLink(text)
    setFault(null)
  }
  return (
    <form className="link-form" aria-busy={sending} onSubmit={submit}>
      <div className="link-field">
        <Link2 size={16} aria-hidden="true" />
        <input
          id={id}
          ref={inputRef}
          className="field"
          inputMode="url"
          aria-label="Link to a film"
          placeholder="Paste a link to a film"
          value={link}
          maxLength={4000}
          readOnly={sending}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : `${id}-fault`}
          onChange={event => change(event.target.value)}
        />
        <button type="submit" className="button" disabled={link.trim() === ''}>
          Fetch
        </button>
      </div>
      {fault === null ? null : (
        <p id={`${id}-fault`} className="field-fault" role="alert">
          <CircleAlert size={16} aria-hidden="true" />
          {fault}
        </p>
      )}
    </form>
  )
}

/** People leave the beginning out. Null for what is no address of the web. */
function addressIn(link: string): string | null {
  const text = link.trim()
  const whole = /^[a-z][a-z\d+.-]*:/i.test(text) && !/^[^/?#]*:\d/.test(text) ? text : `https://${text}`
  return URL.canParse(whole) && /^https?:/i.test(whole) && !/\s/.test(whole) ? whole : null
}
