import { AudioLines, CircleAlert, Download, Film, Link2, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { timeCode, type Video } from '../../../client-sdk/src/index.ts'
import { useRushes } from '../../../client-sdk/src/react/index.ts'
import { age } from '../ui/format.ts'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { Meter } from '../ui/meter.tsx'
import { isSettled, stageInHand, stageWords } from '../ui/stages.ts'
import { useToast } from '../ui/toasts.tsx'
import { FetchAgain } from './fetch-again.tsx'
import { PosterScrub } from './poster-scrub.tsx'
import { DeleteDialog, RenameDialog } from './video-dialogs.tsx'

interface VideoCardProps {
  video: Video
  onRename: (id: string, title: string) => Promise<void>
  onRemove: (id: string) => Promise<void>
  /** Called when it is tried again. */
  onAgain: () => void
}

export function VideoCard({ video, onRename, onRemove, onAgain }: VideoCardProps) {
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null)
  const menu = useMenu(video, setDialog)
  return (
    <li className="card">
      <Poster video={video} />
      <div className="card-text">
        <div className="card-head">
          <h2 className="card-title">
            <Link href={`/videos/${video.id}`}>{video.title}</Link>
          </h2>
          <Menu label={`More for ${video.title}`} items={menu} />
        </div>
        <StateLine video={video} />
        {video.status === 'error' && video.source === 'url' && video.checksum === '' ? (
          <FetchAgain video={video} onAgain={onAgain} />
        ) : null}
      </div>
      {dialog === 'rename' ? <RenameDialog video={video} onRename={onRename} onClose={() => setDialog(null)} /> : null}
      {dialog === 'delete' ? <DeleteDialog video={video} onRemove={onRemove} onClose={() => setDialog(null)} /> : null}
    </li>
  )
}

function useMenu(video: Video, setDialog: (dialog: 'rename' | 'delete') => void): MenuItem[] {
  const say = useToast()
  const rushes = useRushes()
  const copyLink = () =>
    navigator.clipboard.writeText(new URL(`/videos/${video.id}`, location.href).href).then(
      () => say('Link copied.'),
      // Denied, or no clipboard without https: the address bar still has it.
      () => say('The browser did not allow it. Open the film and copy the address.'),
    )
  return [
    { label: 'Rename', icon: Pencil, onSelect: () => setDialog('rename') },
    { label: 'Copy link', icon: Link2, onSelect: () => void copyLink() },
    {
      label: 'Download',
      icon: Download,
      onSelect: () => location.assign(rushes.videos.streamUrl(video.id, { download: true })),
    },
    { label: 'Delete', icon: Trash2, danger: true, onSelect: () => setDialog('delete') },
  ]
}

/** The title beside it is the link for keyboards and readers; the picture is a larger target for the pointer. */
function Poster({ video }: { video: Video }) {
  const rushes = useRushes()
  const [broken, setBroken] = useState(false)
  const picture = video.links.thumbnail !== null && !broken
  const Blank =
    video.status === 'error' ? CircleAlert : video.width === null && video.durationSeconds > 0 ? AudioLines : Film
  return (
    <Link
      href={`/videos/${video.id}`}
      className={video.status === 'error' ? 'poster poster-failed' : 'poster poster-blank'}
      tabIndex={-1}
      aria-hidden="true"
    >
      {picture ? (
        <img
          src={rushes.videos.thumbnailUrl(video.id)}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      ) : (
        <Blank size={24} strokeWidth={1.5} />
      )}
      {video.links.storyboard ? <PosterScrub video={video} /> : null}
      {video.durationSeconds > 0 ? <span className="poster-duration">{timeCode(video.durationSeconds)}</span> : null}
      {isSettled(video) ? null : <Meter percent={inHand(video).percent} label="" />}
    </Link>
  )
}

function StateLine({ video }: { video: Video }) {
  if (video.status === 'error')
    return <p className="card-line card-failed">{video.error?.message ?? 'It could not be processed.'}</p>
  if (isSettled(video))
    return (
      <p className="card-line">
        {age(video.createdAt)}
        {video.duplicateOf ? (
          <>
            <span aria-hidden="true">·</span>
            <Link href={`/videos/${video.duplicateOf}`}>Same film as an earlier one</Link>
          </>
        ) : null}
      </p>
    )
  const { doing, percent } = inHand(video)
  return (
    <p className="card-line">
      <span className="pulse" aria-hidden="true" />
      {doing} · {Math.round(percent)} %
    </p>
  )
}

/** What is done, and how far it is: the coming of a film by itself, as nothing else can begin before. */
function inHand({ status, source, progress }: Video): { doing: string; percent: number } {
  const stage = stageInHand(progress.stages)
  const doing = stage ? stageWords[stage.name].doing : 'Waiting'
  if (status !== 'uploading' || stage?.name !== 'upload') return { doing, percent: progress.percent }
  return { doing: source === 'url' ? 'Fetching' : doing, percent: stage.percent }
}
