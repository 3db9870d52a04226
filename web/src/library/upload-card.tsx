import { CircleAlert, RotateCw, Upload, X } from 'lucide-react'
import type { UploadItem } from '../../../client-sdk/src/react/index.ts'
import { byteSize, roughTime } from '../ui/format.ts'
import { Meter } from '../ui/meter.tsx'

interface UploadCardProps {
  item: UploadItem
  onCancel: (id: string) => void
  onRetry: (id: string) => void
}

/** A film on its way, in the place and shape that it will have. */
export function UploadCard({ item, onCancel, onRetry }: UploadCardProps) {
  const failed = item.state === 'failed'
  const percent = item.file.size > 0 ? Math.min(100, (item.sentBytes / item.file.size) * 100) : 0
  return (
    <li className="card" data-state={item.state}>
      <div className={failed ? 'poster poster-failed' : 'poster poster-blank'}>
        {failed ? <CircleAlert size={24} aria-hidden="true" /> : <Upload size={24} aria-hidden="true" />}
        {failed ? null : <Meter percent={percent} label={`Uploading ${item.title}`} />}
      </div>
      <div className="card-text">
        <div className="card-head">
          <h2 className="card-title">{item.title}</h2>
          {failed ? (
            <button
              type="button"
              className="icon-button"
              aria-label={`Try ${item.title} again`}
              onClick={() => onRetry(item.id)}
            >
              <RotateCw size={16} />
            </button>
          ) : null}
          <button
            type="button"
            className="icon-button"
            aria-label={failed ? `Dismiss ${item.title}` : `Cancel the upload of ${item.title}`}
            onClick={() => onCancel(item.id)}
          >
            <X size={16} />
          </button>
        </div>
        <p className={failed ? 'card-line card-failed' : 'card-line'} role={failed ? 'alert' : undefined}>
          {failed ? item.failure?.message : uploadLine(item, percent)}
        </p>
      </div>
    </li>
  )
}

function uploadLine(item: UploadItem, percent: number): string {
  if (item.state === 'waiting') return `Waiting · ${byteSize(item.file.size)}`
  if (percent >= 100) return 'Looking at what it is'
  const parts = [`${Math.floor(percent)} % of ${byteSize(item.file.size)}`]
  if (item.bytesPerSecond > 0) parts.push(`${byteSize(item.bytesPerSecond)}/s`)
  if (item.secondsLeft !== null) parts.push(`${roughTime(item.secondsLeft)} left`)
  return parts.join(' · ')
}
