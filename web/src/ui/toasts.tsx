import { X } from 'lucide-react'
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react'

interface Toast {
  id: number
  text: string
}

const lifetimeMs = 5000
const ToastContext = createContext<(text: string) => void>(() => {})

/** Says something for five seconds, to readers too. */
export const useToast = (): ((text: string) => void) => use(ToastContext)

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const say = useCallback(
    (text: string) => setToasts(shown => [...shown.slice(-2), { id: performance.now(), text }]),
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
  useEffect(() => {
    const timer = setTimeout(() => onDismiss(toast.id), lifetimeMs)
    return () => clearTimeout(timer)
  }, [toast.id, onDismiss])
  return (
    <div className="toast">
      <span>{toast.text}</span>
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => onDismiss(toast.id)}>
        <X size={16} />
      </button>
    </div>
  )
}
