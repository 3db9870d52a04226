import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface NoticeProps {
  icon: LucideIcon
  title: string
  children?: ReactNode
  actions?: ReactNode
  small?: boolean
}

/** A state said plainly: what is the case, and the way out. */
export function Notice({ icon: Icon, title, children, actions, small = false }: NoticeProps) {
  return (
    <div className={small ? 'notice notice-small' : 'notice'}>
      <Icon size={small ? 24 : 32} strokeWidth={1.5} aria-hidden="true" />
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {actions ? <div className="notice-actions">{actions}</div> : null}
    </div>
  )
}
