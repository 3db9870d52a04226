import { Radio, Users } from 'lucide-react'
import { countOf } from '../ui/format.ts'
import { useWatching } from './watching.tsx'

/** Lead, follow, let go: near the player, because it is the player that is led. */
export function WatchControl() {
  const { leader, isLeading, isFollowing, followers, lead, follow, letGo } = useWatching()
  if (isLeading)
    return (
      <div className="watch-control" data-on="true">
        <span className="watch-state">
          You lead<span className="wide"> · {followers === 0 ? 'nobody follows yet' : countFollowers(followers)}</span>
        </span>
        <button type="button" className="deck-button" onClick={letGo}>
          Stop
        </button>
      </div>
    )
  if (!leader || isFollowing)
    return (
      <div className="watch-control">
        <button
          type="button"
          className="deck-button"
          title={isFollowing ? 'Play on your own again (W)' : 'The others can follow what your player does'}
          onClick={isFollowing ? letGo : () => void lead()}
        >
          <Radio size={14} aria-hidden="true" />
          {isFollowing ? 'Let go' : 'Lead'}
        </button>
      </div>
    )
  return (
    <div className="watch-control">
      <button type="button" className="deck-button deck-strong" title="Play along (W)" onClick={follow}>
        <Users size={14} aria-hidden="true" />
        Follow {leader.name}
      </button>
    </div>
  )
}

const countFollowers = (count: number): string =>
  count === 1 ? '1 follows' : `${countOf(count, 'person', 'people')} follow`

/** Over the film while it is not mine to say what plays. */
export function WatchBand() {
  const { leader, isFollowing, letGo } = useWatching()
  return (
    <div role="status" className="watch-band-place">
      {isFollowing ? (
        <p className="watch-band">
          <Users size={14} aria-hidden="true" />
          <span>{leader ? `Following ${leader.name}` : 'Waiting for the one who leads'}</span>
          <button type="button" onClick={letGo}>
            Let go <kbd>W</kbd>
          </button>
        </p>
      ) : null}
    </div>
  )
}
