import { useCallback, useState } from 'react'

/** How the others know me. */
export interface Me {
  /** Null until I said so. */
  name: string | null
  shownName: string
  onName: (name: string) => void
}

const key = 'rushes.name'

/** What others call me; null until I said so. Kept in this browser. */
export function useName(): [string | null, (name: string) => void] {
  const [name, setName] = useState(read)
  const keep = useCallback((chosen: string) => {
    setName(chosen)
    try {
      localStorage.setItem(key, chosen)
    } catch {
      // Storage is off or full: it is asked for again next time.
    }
  }, [])
  return [name, keep]
}

function read(): string | null {
  try {
    return localStorage.getItem(key)?.slice(0, 60).trim() || null
  } catch {
    // Storage is off.
    return null
  }
}
