import { Search, X } from 'lucide-react'
import type { KeyboardEvent, RefObject } from 'react'

interface SearchFieldProps {
  value: string
  onChange: (value: string) => void
  label: string
  placeholder: string
  inputRef: RefObject<HTMLInputElement | null>
  onEnter?: (backwards: boolean) => void
  /** The arrow down: to what was found. */
  onDown?: () => void
}

/** A field that Esc empties, then leaves. */
export function SearchField({ value, onChange, label, placeholder, inputRef, onEnter, onDown }: SearchFieldProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onEnter?.(event.shiftKey)
    if (event.key === 'ArrowDown' && onDown) {
      event.preventDefault()
      onDown()
    }
    if (event.key !== 'Escape') return
    if (value === '') inputRef.current?.blur()
    onChange('')
  }
  return (
    <div className="search-field">
      <Search size={16} aria-hidden="true" />
      <input
        ref={inputRef}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        onChange={event => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {value === '' ? (
        <kbd>/</kbd>
      ) : (
        <button type="button" className="icon-button" aria-label="Clear the search" onClick={() => onChange('')}>
          <X size={16} />
        </button>
      )}
    </div>
  )
}
