import { CloudOff, Keyboard, Link2 } from 'lucide-react'
import { Link } from 'wouter'
import type { Video } from '../../../client-sdk/src/index.ts'
import type { RoomHandle } from '../../../client-sdk/src/react/index.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useToast } from '../ui/toasts.tsx'
import { Mark } from '../ui/wordmark.tsx'
import { usePlayback } from './playback.ts'

interface RoomBarProps {
  video: Video
  room: RoomHandle
  onShortcuts: () => void
}

export function RoomBar({ video, room, onShortcuts }: RoomBarProps) {
  return (
    <header className="room-bar">
      <Link href="/" className="room-home" aria-label="Back to the library" title="Library">
        <Mark />
      </Link>
      <h1 className="room-title">{video.title}</h1>
      <span className="grow" />
      <LinkState state={room.state.connection} />
      <People names={room.state.members.map(member => member.name)} />
      <ShareButton video={video} />
      <button
        type="button"
        className="icon-button keys-button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={onShortcuts}
      >
        <Keyboard size={18} />
      </button>
    </header>
  )
}

function LinkState({ state }: { state: RoomHandle['state']['connection'] }) {
  return (
    <div role="status">
      {state === 'reconnecting' ? (
        <p className="link-state" title="What you write is kept and sent when the connection is back.">
          <CloudOff size={16} aria-hidden="true" />
          <span>Reconnecting. What you write is kept.</span>
        </p>
      ) : null}
    </div>
  )
}

const shownPeople = 4

function People({ names }: { names: string[] }) {
  const once = [...new Set(names)]
  const rest = once.length - shownPeople
  return (
    <ul className="people" aria-label="In the room">
      {once.slice(0, shownPeople).map(name => (
        <li key={name} title={name}>
          <Avatar name={name} />
          <span className="unseen">{name}</span>
        </li>
      ))}
      {rest > 0 ? (
        <li className="people-more" title={once.slice(shownPeople).join(', ')}>
          +{rest}
        </li>
      ) : null}
    </ul>
  )
}

function ShareButton({ video }: { video: Video }) {
  const playback = usePlayback()
  const say = useToast()
  const copy = () => {
    const { seconds } = playback.snapshot()
    const address = new URL(`/videos/${video.id}`, location.href)
    if (seconds >= 1) address.searchParams.set('t', seconds.toFixed(1))
    navigator.clipboard?.writeText(address.href).then(
      () => say('Link to this second copied.'),
      // Denied: the address bar still has the room.
      () => say('The browser did not allow it. Copy the address above instead.'),
    )
  }
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Copy a link to this second"
      title="Copy a link to this second"
      onClick={copy}
    >
      <Link2 size={18} />
    </button>
  )
}
