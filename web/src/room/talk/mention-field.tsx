import './composer.css'
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useState } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { nameBegun } from './mentions.ts'
import { type Person, useTalk } from './talk-context.ts'

interface MentionFieldProps {
  inputRef: RefObject<HTMLTextAreaElement | null>
  value: string
  onChange: (value: string) => void
  /** Keys that the list of names does not take. */
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void
  onMention: (id: string) => void
  label: string
  placeholder?: string
}

const longest = 4000
const most = 6

/** A field that grows with its text, and offers names after an @. */
export function MentionField({
  inputRef,
  value,
  onChange,
  onKeyDown,
  onMention,
  label,
  placeholder,
}: MentionFieldProps) {
  const listId = useId()
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(0)
  /** Where a list was put away: it stays so for that @. */
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const { people, memberId } = useTalk()
  useGrowing(inputRef, value)
  const begun = nameBegun(value, caret)
  const offered = begun && begun.at !== closedAt ? fitting(people, begun.begun, memberId) : []
  const current = offered[Math.min(chosen, offered.length - 1)]

  const take = ({ id, name }: Person) => {
    if (!begun) return
    const before = `${value.slice(0, begun.at)}@${name} `
    onChange(before + value.slice(caret).replace(/^ /, ''))
    onMention(id)
    setCaret(before.length)
    // Once the text is there: the caret stands after the name.
    requestAnimationFrame(() => inputRef.current?.setSelectionRange(before.length, before.length))
  }
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!current || event.nativeEvent.isComposing) return onKeyDown(event)
    if (step !== undefined) setChosen((offered.indexOf(current) + step + offered.length) % offered.length)
    else if (event.key === 'Enter' || event.key === 'Tab') take(current)
    else if (event.key === 'Escape') setClosedAt(begun?.at ?? null)
    else return onKeyDown(event)
    event.preventDefault()
  }
  return (
    <div className="mention-field">
      <textarea
        ref={inputRef}
        rows={1}
        maxLength={longest}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={current ? listId : undefined}
        aria-activedescendant={current ? `${listId}-${current.id}` : undefined}
        placeholder={placeholder}
        value={value}
        onChange={event => {
          onChange(event.target.value)
          setCaret(event.target.selectionStart)
          setChosen(0)
        }}
        onSelect={event => setCaret(event.currentTarget.selectionStart)}
        onBlur={() => setClosedAt(begun?.at ?? null)}
        onFocus={() => setClosedAt(null)}
        onKeyDown={onKey}
      />
      {current ? (
        <div className="names" role="listbox" id={listId} aria-label="People to speak to">
          {offered.map(person => (
            // The field keeps the focus, and its keys choose.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={person.id}
              role="option"
              id={`${listId}-${person.id}`}
              aria-selected={person === current}
              onPointerDown={event => event.preventDefault()}
              onClick={() => take(person)}
            >
              <Avatar name={person.name} />
              {person.name}
            </div>
          ))}
        </div>
      ) : null}
    </div>
  )
}

/** Those of whose names a word begins so; nobody when it is the whole name of the only one. */
function fitting(people: ReadonlyMap<string, string>, begun: string, me: string | null): Person[] {
  const wanted = begun.toLowerCase()
  const fit = [...people]
    .map(([id, name]) => ({ id, name, words: name.toLowerCase().split(/\s+/) }))
    .filter(({ id, words }) => id !== me && words.some(word => word.startsWith(wanted)))
  const [first, second] = fit
  return second === undefined && first?.name.toLowerCase() === wanted ? [] : fit.slice(0, most)
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
