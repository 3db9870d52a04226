import { X } from 'lucide-react'
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react'

/** What can be done about it while it is said. */
interface ToastAction {
  label: string
  onAction: () => void
}

interface Toast {
  id: number
  text: string
  action: ToastAction | undefined
}

/** How long a toast is there, and what it offers can be done. */
export const toastMs = 5000
type Say = (text: string, action?: ToastAction) => void
const ToastContext = createContext<Say>(() => {})

/** Says something for five seconds, to readers too. */
export const useToast = (): Say => use(ToastContext)

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const say: Say = useCallback(
    (text, action) => setToasts(shown => [...shown.slice(-2), { id: performance.now(), text, action }]),
    [],
  )
  const dismiss = useCallback((id: number) => setToasts(shown => shown.filter(toast => toast.id !== id)), [])
  return (
    <ToastContext value={say}>
      {children}
      <div className="toasts" role="status">
        {toasts.map(toast => (
          <ToastItem key={toast.id} toast={toast} onDismiss={dismiss} />
        ))}
      </div>
    </ToastContext>
  )
}

function ToastItem({ toast, onDismiss }: { toast: Toast; onDismiss: (id: number) => void }) {
  const { id, text, action } = toast
  useEffect(() => {
    const timer = setTimeout(() => onDismiss(id), toastMs)
    return () => clearTimeout(timer)
  }, [id, onDismiss])
  const act = () => {
    onDismiss(id)
    action?.onAction()
  }
  return (
    <div className="toast">
      <span>{text}</span>
      {action ? (
        <button type="button" className="toast-action" onClick={act}>
          {action.label}
        </button>
      ) : null}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => onDismiss(id)}>
        <X size={16} />
      </button>
    </div>
  )
}

/** Why something was not done, for a toast. */
export const reasonOf = (fault: unknown): string =>
  fault instanceof Error ? fault.message : 'The server did not answer.'
