import { Ellipsis, type LucideIcon } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

export interface MenuItem {
  label: string
  icon: LucideIcon
  onSelect: () => void
  danger?: boolean
}

/** A button with a few commands: arrows move, Esc and a click elsewhere close. */
export function Menu({ label, items }: { label: string; items: MenuItem[] }) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!open) return
    anchor.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !anchor.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPointerDown)
    return () => document.removeEventListener('pointerdown', onPointerDown)
  }, [open])

  const close = () => {
    setOpen(false)
    anchor.current?.querySelector('button')?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return
    event.stopPropagation()
    if (event.key === 'Escape') close()
    if (event.key === 'Tab') setOpen(false)
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    moveFocus(event.currentTarget, event.key === 'ArrowDown' ? 1 : -1)
  }
  return (
    // The keys are those of the menu inside: this element only hears them bubble.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div className="menu-anchor" ref={anchor} onKeyDown={onKeyDown}>
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Ellipsis size={16} />
      </button>
      {open ? (
        <div className="menu" role="menu" aria-label={label}>
          {items.map(({ label: text, icon: Icon, onSelect, danger }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={danger ? 'menu-danger' : undefined}
              onClick={() => {
                close()
                onSelect()
              }}
            >
              <Icon size={16} />
              {text}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  )
}

function moveFocus(anchor: Element, step: number): void {
  const items = [...anchor.querySelectorAll<HTMLElement>('[role=menuitem]')]
  const current = items.indexOf(document.activeElement as HTMLElement)
  items.at((current + step) % items.length)?.focus()
}
