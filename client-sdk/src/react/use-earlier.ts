import { useCallback, useMemo, useState } from 'react'
import type { Message } from '../index.ts'
import { useRushes } from './provider.tsx'

/** How many messages a room gives who joins; with fewer there are no earlier ones. */
const joinedWith = 50

interface Earlier {
  /** All that is loaded, in order of time. */
  messages: readonly Message[]
  /** Null when there is nothing earlier. Throws nothing: what did not come can be asked for again. */
  loadEarlier: (() => Promise<void>) | null
}

/** The talk of a room with what was said before one came in, page by page as it is asked for. */
export function useEarlier(videoId: string, recent: readonly Message[]): Earlier {
  const rushes = useRushes()
  const [earlier, setEarlier] = useState<readonly Message[]>([])
  const [isAll, setAll] = useState(false)
  const messages = useMemo(() => merged(earlier, recent), [earlier, recent])
  const before = messages[0]?.id
  const loadEarlier = useCallback(async () => {
    try {
      const page = await rushes.videos.messages(videoId, { before })
      setEarlier(known => [...page.items, ...known])
      setAll(page.nextCursor === null)
    } catch {
      // The button stays, and the connection is spoken of elsewhere.
    }
  }, [rushes, videoId, before])
  return { messages, loadEarlier: isAll || messages.length < joinedWith ? null : loadEarlier }
}

/** Joining again after a while may leave a gap or an overlap: once each, in order of time. */
function merged(earlier: readonly Message[], recent: readonly Message[]): readonly Message[] {
  if (earlier.length === 0) return recent
  const known = new Set<string>(recent.map(message => message.id))
  return [...earlier.filter(message => !known.has(message.id)), ...recent]
}
