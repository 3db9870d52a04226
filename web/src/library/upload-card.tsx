import { CircleAlert, CloudOff, FolderOpen, type LucideIcon, Pause, Play, RotateCw, Upload, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { UploadItem, Uploads } from '../../../client-sdk/src/react/index.ts'
import { byteSize, roughTime } from '../ui/format.ts'
import { Meter } from '../ui/meter.tsx'

const icons: Record<UploadItem['state'], LucideIcon> = {
  waiting: Upload,
  sending: Upload,
  reconnecting: CloudOff,
  paused: Pause,
  failed: CircleAlert,
}
/** What readers are told when it changes; how far it is would be told without end. */
const told: Partial<Record<UploadItem['state'], string>> = {
  reconnecting: 'Connection lost, trying again',
  paused: 'Paused',
}

/** The same file would be refused again. */
const hopeless = new Set(['upload.unsupported_media', 'upload.too_large'])

/** A film on its way, in the place and shape that it will have. */
export function UploadCard({ item, uploads }: { item: UploadItem; uploads: Uploads }) {
  const { id, title, state } = item
  const failed = state === 'failed'
  const percent = item.file.size > 0 ? Math.min(100, (item.sentBytes / item.file.size) * 100) : 0
  const Icon = icons[state]
  return (
    <li className="card" data-state={state}>
      <div className={failed ? 'poster poster-failed' : 'poster poster-blank'}>
        <Icon size={24} aria-hidden="true" />
        {failed ? null : <Meter percent={percent} label={`Uploading ${title}`} />}
      </div>
      <div className="card-text">
        <div className="card-head">
          <h2 className="card-title">{title}</h2>
          {item.canPause && percent < 100 ? <PauseButton item={item} uploads={uploads} /> : null}
          <IconButton
            label={failed ? `Dismiss ${title}` : `Cancel the upload of ${title}`}
            onClick={() => uploads.cancel(id)}
          >
            <X size={16} />
          </IconButton>
        </div>
        <p className={failed ? 'card-line card-failed' : 'card-line'} role={failed ? 'alert' : undefined}>
          {failed ? item.failure?.message : uploadLine(item, percent)}
        </p>
        {failed && !hopeless.has(item.failure?.code ?? '') ? (
          <button
            type="button"
            className="button card-way-out"
            aria-label={`Try again: ${title}`}
            onClick={() => uploads.retry(id)}
          >
            <RotateCw size={16} aria-hidden="true" /> Try again
          </button>
        ) : null}
        <span className="unseen" role="status">
          {told[state] ?? ''}
        </span>
      </div>
    </li>
  )
}

/** One button, so that the focus stays on it. */
function PauseButton({ item: { id, title, state }, uploads }: { item: UploadItem; uploads: Uploads }) {
  return state === 'paused' ? (
    <IconButton key="pause" label={`Continue the upload of ${title}`} onClick={() => uploads.resume(id)}>
      <Play size={16} />
    </IconButton>
  ) : (
    <IconButton key="pause" label={`Pause the upload of ${title}`} onClick={() => uploads.pause(id)}>
      <Pause size={16} />
    </IconButton>
  )
}

interface UnfinishedCardProps {
  upload: Uploads['unfinished'][number]
  onPick: () => void
  onDiscard: (id: string) => void
}

/** What was cut off some other time: the page can't open the file by itself. */
export function UnfinishedCard({ upload: { id, filename, sizeBytes }, onPick, onDiscard }: UnfinishedCardProps) {
  return (
    <li className="card" data-state="unfinished">
      <div className="poster poster-blank">
        <CloudOff size={24} aria-hidden="true" />
      </div>
      <div className="card-text">
        <div className="card-head">
          <h2 className="card-title">{filename}</h2>
          <IconButton label={`Discard the upload of ${filename}`} onClick={() => onDiscard(id)}>
            <X size={16} />
          </IconButton>
        </div>
        <p className="card-line card-wrap">
          Cut off ({byteSize(sizeBytes)}). Choose the same file again and it goes on where it was.
        </p>
        <button
          type="button"
          className="button card-way-out"
          aria-label={`Choose the file: ${filename}`}
          onClick={onPick}
        >
          <FolderOpen size={16} aria-hidden="true" /> Choose the file
        </button>
      </div>
    </li>
  )
}

function IconButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  )
}

function uploadLine({ state, file, bytesPerSecond, secondsLeft }: UploadItem, percent: number): string {
  const size = byteSize(file.size)
  const whole = Math.floor(percent)
  if (state === 'waiting') return `Waiting · ${size}`
  if (state === 'paused') return `Paused at ${whole} % of ${size}`
  if (state === 'reconnecting') return `Connection lost at ${whole} %, trying again`
  if (percent >= 100) return 'Looking at what it is'
  const parts = [`${whole} % of ${size}`]
  if (bytesPerSecond > 0) parts.push(`${byteSize(bytesPerSecond)}/s`)
  if (secondsLeft !== null) parts.push(`${roughTime(secondsLeft)} left`)
  return parts.join(' · ')
}
