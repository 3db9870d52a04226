import { Keyboard, Link2 } from 'lucide-react'
import { Link } from 'wouter'
import type { Video } from '../../../client-sdk/src/index.ts'
import { useToast } from '../ui/toasts.tsx'
import { Mark } from '../ui/wordmark.tsx'
import { PeopleMenu } from './people-menu.tsx'
import { usePlayback } from './playback.ts'
import { SyncLine } from './sync-line.tsx'

interface RoomBarProps {
  video: Video
  name: string
  onShortcuts: () => void
}

export function RoomBar({ video, name, onShortcuts }: RoomBarProps) {
  return (
    <header className="room-bar">
      <Link href="/" className="room-home" aria-label="Back to the library" title="Library">
        <Mark />
      </Link>
      <h1 className="room-title">{video.title}</h1>
      <span className="grow" />
      <SyncLine />
      <PeopleMenu name={name} />
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
