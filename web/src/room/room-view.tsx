import './room.css'
import { CloudOff, Compass, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { RoomProvider, useRoom } from '../../../client-sdk/src/react/index.ts'
import { useKeyAsked } from '../door/door.ts'
import { RoomSkeleton } from '../room-skeleton.tsx'
import { Notice } from '../ui/notice.tsx'
import { RoomDesk } from './room-desk.tsx'
import { useName } from './use-name.ts'

/** Who has not said a name yet is here all the same. */
const nameless = 'Guest'

export function RoomView({ videoId }: { videoId: string }) {
  const [name, setName] = useName()
  return (
    <RoomProvider videoId={videoId} name={name ?? nameless}>
      <RoomOrWhyNot name={name} onName={setName} />
    </RoomProvider>
  )
}

function RoomOrWhyNot({ name, onName }: { name: string | null; onName: (name: string) => void }) {
  const { phase, video, failure, rejoin } = useRoom()
  useKeyAsked(failure)
  if (phase === 'missing') {
    return (
      <Elsewhere icon={Compass} title="There is no film here">
        The link may be mistyped, or the film was deleted.
      </Elsewhere>
    )
  }
  if (phase === 'deleted') {
    return (
      <Elsewhere icon={Trash2} title="This film was deleted">
        Someone deleted it while you were here.
      </Elsewhere>
    )
  }
  if (video) return <RoomDesk key={video.id} video={video} me={{ name, shownName: name ?? nameless, onName }} />
  if (phase === 'failed') {
    return (
      <Elsewhere icon={CloudOff} title="The room can’t be reached" onRetry={rejoin}>
        {failure?.message}
      </Elsewhere>
    )
  }
  return <RoomSkeleton />
}

interface ElsewhereProps {
  icon: typeof Compass
  title: string
  children: ReactNode
  onRetry?: () => void
}

function Elsewhere({ icon, title, children, onRetry }: ElsewhereProps) {
  const actions = (
    <>
      {onRetry ? (
        <button type="button" className="button button-primary" onClick={onRetry}>
          Try again
        </button>
      ) : null}
      <Link href="/" className="button">
        Open the library
      </Link>
    </>
  )
  return (
    <main style={{ display: 'grid', minHeight: '100dvh' }}>
      <Notice icon={icon} title={title} actions={actions}>
        {children}
      </Notice>
    </main>
  )
}
