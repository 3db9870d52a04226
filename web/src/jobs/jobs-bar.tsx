import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Wordmark } from '../ui/wordmark.tsx'

export function JobsBar({ children }: { children?: ReactNode }) {
  return (
    <header className="jobs-bar">
      <Link href="/" aria-label="Rushes, the library">
        <Wordmark />
      </Link>
      <h1>Jobs</h1>
      {children}
    </header>
  )
}
