import { useEffect, useRef } from 'react'

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>

const typingPlaces = 'input:not([type=range]), textarea, select, [contenteditable=true]'
/** Where space and Enter already mean something. */
const pressable = 'button, a[href], [role=menuitem], [role=tab], summary'

/** Single keys for the whole page. Silent while someone types, in a dialog, or with Ctrl, Alt or Meta held. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts)
  current.current = shortcuts
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const at = event.target instanceof Element ? event.target : null
      if (at?.closest(typingPlaces) || document.querySelector('dialog[open]')) return
      if (event.key === ' ' && at?.closest(pressable)) return
      const action = current.current[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!action) return
      event.preventDefault()
      action(event)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
