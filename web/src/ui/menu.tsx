import { Ellipsis, type LucideIcon } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'

export interface MenuItem {
  label: string
  icon?: LucideIcon
  /** Shown instead of the icon and the label. */
  content?: ReactNode
  /** Said more quietly beside the label. */
  hint?: string
  onSelect?: () => void
  danger?: boolean
}

interface MenuProps {
  label: string
  items: MenuItem[]
  title?: string
  /** What the button shows; three dots when not given. */
  children?: ReactNode
  className?: string
  /** Side by side instead of one below the other. */
  row?: boolean
}

/** A button with a few commands: arrows move, Esc and a click elsewhere close. It lies over everything, wherever it is. */
export function Menu({ label, items, title, children, className = 'icon-button', row = false }: MenuProps) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  useClosing(anchor, open, setOpen)
  usePlace(anchor, list, open)

  const close = () => {
    setOpen(false)
    anchor.current?.querySelector('button')?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return
    event.stopPropagation()
    if (event.key === 'Escape') close()
    if (event.key === 'Tab') setOpen(false)
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    moveFocus(event.currentTarget, step)
  }
  return (
    // The keys are those of the menu inside: this element only hears them bubble.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div className="menu-anchor" ref={anchor} onKeyDown={onKeyDown} data-open={open}>
      <button
        type="button"
        className={className}
        aria-label={label}
        title={title}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {children ?? <Ellipsis size={16} />}
      </button>
      {open ? (
        <div className={row ? 'menu menu-row' : 'menu'} role="menu" aria-label={label} ref={list} popover="manual">
          {items.map(item => (
            <Item key={item.label} item={item} close={close} />
          ))}
        </div>
      ) : null}
    </div>
  )
}

function Item({ item: { label, icon: Icon, content, hint, onSelect, danger }, close }: ItemProps) {
  const choose = () => {
    close()
    onSelect?.()
  }
  const shown = content ?? (
    <>
      {Icon ? <Icon size={16} aria-hidden="true" /> : null}
      <span>{label}</span>
      {hint ? <small>{hint}</small> : null}
    </>
  )
  const named = content ? { 'aria-label': label, title: label } : {}
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={danger ? 'menu-danger' : undefined}
      onClick={choose}
      {...named}
    >
      {shown}
    </button>
  )
}

interface ItemProps {
  item: MenuItem
  close: () => void
}

function useClosing(anchor: RefObject<HTMLElement | null>, open: boolean, setOpen: (open: boolean) => void): void {
  useEffect(() => {
    if (!open) return
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !anchor.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPointerDown)
    return () => document.removeEventListener('pointerdown', onPointerDown)
  }, [anchor, open, setOpen])
}

const gap = 4
const margin = 8

/** Below its button, or above it where there is no room; its right edge at the button's. */
function usePlace(anchor: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>, open: boolean): void {
  useLayoutEffect(() => {
    const menu = list.current
    if (!open || !menu) return
    const place = () => {
      const at = anchor.current?.getBoundingClientRect()
      if (!at) return
      const { width, height } = menu.getBoundingClientRect()
      const fits = at.bottom + gap + height <= innerHeight - margin
      menu.style.top = `${fits ? at.bottom + gap : Math.max(margin, at.top - gap - height)}px`
      menu.style.left = `${Math.max(margin, Math.min(at.right - width, innerWidth - width - margin))}px`
    }
    menu.showPopover()
    place()
    menu.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true })
    const controller = new AbortController()
    addEventListener('resize', place, { signal: controller.signal })
    document.addEventListener('scroll', place, { signal: controller.signal, capture: true })
    return () => controller.abort()
  }, [anchor, list, open])
}

function moveFocus(anchor: Element, step: number): void {
  const items = [...anchor.querySelectorAll<HTMLElement>('[role=menuitem]')]
  const current = items.indexOf(document.activeElement as HTMLElement)
  items.at((current + step) % items.length)?.focus()
}
