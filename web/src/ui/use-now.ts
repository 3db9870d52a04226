import { useEffect, useState } from 'react'

const everyMs = 30_000

/** The time, twice a minute: what says how long ago something was stays true. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [])
  return now
}
