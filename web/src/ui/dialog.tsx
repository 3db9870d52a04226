import { type ReactNode, useEffect, useRef } from 'react'

interface DialogProps {
  label: string
  onClose: () => void
  children: ReactNode
}

/** A modal dialog by the platform: focus is kept inside and given back, Esc closes. */
export function Dialog({ label, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-label={label}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
    >
      {children}
    </dialog>
  )
}
