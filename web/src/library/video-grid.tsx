import { CloudOff, Film } from 'lucide-react'
import type { Uploads, Videos } from '../../../client-sdk/src/react/index.ts'
import { Notice } from '../ui/notice.tsx'
import { UnfinishedCard, UploadCard } from './upload-card.tsx'
import { VideoCard } from './video-card.tsx'

interface VideoGridProps {
  library: Videos
  uploads: Uploads
  onPick: () => void
}

export function VideoGrid({ library, uploads, onPick }: VideoGridProps) {
  const { videos, failure } = library
  if (videos === null && failure) return <Unreachable message={failure.message} onRetry={library.refresh} />
  if (videos === null) return <GridSkeleton />
  if (videos.length + uploads.items.length + uploads.unfinished.length === 0) return <EmptyLibrary onPick={onPick} />
  return (
    <>
      {failure ? (
        <p className="library-offline" role="status">
          <CloudOff size={16} aria-hidden="true" /> Not connected. What you see may be old; trying again.
        </p>
      ) : null}
      <ul className="grid">
        {uploads.items.map(item => (
          <UploadCard key={item.id} item={item} uploads={uploads} />
        ))}
        {uploads.unfinished.map(upload => (
          <UnfinishedCard key={upload.id} upload={upload} onPick={onPick} onDiscard={uploads.discard} />
        ))}
        {videos.map(video => (
          <VideoCard
            key={video.id}
            video={video}
            onRename={library.rename}
            onRemove={library.remove}
            onAgain={library.refresh}
          />
        ))}
      </ul>
      {library.loadMore ? (
        <button type="button" className="button library-more" onClick={library.loadMore}>
          Show older
        </button>
      ) : null}
    </>
  )
}

function EmptyLibrary({ onPick }: { onPick: () => void }) {
  return (
    <Notice
      icon={Film}
      title="Drop a film here"
      actions={
        <button type="button" className="button" onClick={onPick}>
          Choose files
        </button>
      }
    >
      It plays within a second. Then watch it together, and ask it anything that was said.
    </Notice>
  )
}

function Unreachable({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <Notice
      icon={CloudOff}
      title="The library can’t be reached"
      actions={
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      }
    >
      {message}
    </Notice>
  )
}

const places = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

function GridSkeleton() {
  return (
    <ul className="grid" aria-busy="true" aria-label="Loading the library">
      {places.map(place => (
        <li key={place} className="card">
          <div className="poster skeleton" />
          <div className="card-text">
            <div className="skeleton" style={{ width: '70%', height: 14, margin: '3px 0' }} />
            <div className="skeleton" style={{ width: '40%', height: 12, margin: '4px 0' }} />
          </div>
        </li>
      ))}
    </ul>
  )
}
