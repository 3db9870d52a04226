import type { MouseEvent, ReactNode } from 'react'
import { timeCode } from '../../../client-sdk/src/index.ts'
import { usePlayback } from './playback.ts'

interface TimeLinkProps {
  seconds: number
  className?: string
  children?: ReactNode
  onSeek?: () => void
  label?: string
}

/** The address of a second in this room: a plain click seeks, any other click opens it elsewhere. */
export function TimeLink({ seconds, className = 'time-link', children, onSeek, label }: TimeLinkProps) {
  const playback = usePlayback()
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    playback.seek(seconds)
    onSeek?.()
  }
  return (
    <a href={`?t=${Number(seconds.toFixed(2))}`} className={className} onClick={onClick} aria-label={label}>
      {children ?? timeCode(seconds)}
    </a>
  )
}
