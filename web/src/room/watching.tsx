import { createContext, type ReactNode, use, useEffect, useMemo } from 'react'
import { usePlayhead, useWatchTogether, type WatchingTogether } from '../../../client-sdk/src/react/index.ts'
import { useToast } from '../ui/toasts.tsx'
import { usePlayerElement } from './playback.ts'

const WatchContext = createContext<WatchingTogether | null>(null)

/** Tells where I am in the film, and lets me lead the others or follow one of them. */
export function WatchProvider({ children }: { children: ReactNode }) {
  const element = usePlayerElement()
  usePlayhead(element)
  const { leader, isLeading, isFollowing, reason, followers, lead, follow, letGo, handOn } = useWatchTogether(element)
  const say = useToast()
  useEffect(() => {
    if (reason === 'refused') say('The browser plays only after a click. Press “Follow” again.')
  }, [reason, say])
  const watching = useMemo(
    () => ({
      ...{ leader, isLeading, isFollowing, reason, followers, follow, letGo },
      lead: () => lead().catch(fault => say(`You can’t lead: ${fault.message}`)),
      handOn: (to: string) => handOn(to).catch(fault => say(`The lead was not handed on: ${fault.message}`)),
    }),
    [leader, isLeading, isFollowing, reason, followers, lead, follow, letGo, handOn, say],
  )
  return <WatchContext value={watching}>{children}</WatchContext>
}

export function useWatching(): WatchingTogether {
  const watching = use(WatchContext)
  if (!watching) throw new Error('No WatchProvider above this component')
  return watching
}
