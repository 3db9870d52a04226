import './player.css'
import './media-elements.ts'
import { AudioLines, Hourglass, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Video } from '../../../client-sdk/src/index.ts'
import { useRushes } from '../../../client-sdk/src/react/index.ts'
import { usePlayback } from './playback.ts'
import { PlayerControls } from './player-controls.tsx'
import { useHls } from './use-hls.ts'

/** As its speakers call it: whoever looks for it reads it. */
function captionsLabel(language: string | null): string {
  const code = language ?? 'und'
  const name = code === 'und' ? undefined : new Intl.DisplayNames([code], { type: 'language' }).of(code)
  return name === undefined ? 'Transcript' : `Transcript (${name})`
}

const hasPicture = (video: Video): boolean => video.width !== null

export function Player({ video }: { video: Video }) {
  const rushes = useRushes()
  const playback = usePlayback()
  const ref = useRef<HTMLVideoElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  // Its signed token is another one after some hours: the film that plays goes on with the one it has.
  const source = useMemo(
    () => (video.playable ? rushes.videos.streamUrl(video.id) : null),
    [rushes, video.id, video.playable],
  )
  // Decided once: a film that plays is not begun again because a size was added.
  const [adaptive, setAdaptive] = useState(video.links.hls !== null)
  const fallBack = useCallback(() => setAdaptive(false), [])
  const ladderUrl = useMemo(() => (adaptive ? rushes.videos.hlsUrl(video.id) : null), [rushes, video.id, adaptive])
  const ladder = useHls({ element: ref, url: ladderUrl, onFault: fallBack })

  useEffect(() => (ref.current && source !== null ? playback.attach(ref.current) : undefined), [playback, source])
  if (source === null) return <Waiting video={video} />
  const retry = () => {
    setFault(null)
    ref.current?.load()
  }
  return (
    <div className="stage">
      <media-controller nohotkeys="" autohide="2" aria-label="Player">
        {/* biome-ignore lint/a11y/useMediaCaption: the track comes with the transcript */}
        <video
          ref={ref}
          slot="media"
          src={adaptive ? undefined : source}
          preload="metadata"
          playsInline
          poster={video.links.thumbnail === null ? undefined : rushes.videos.thumbnailUrl(video.id)}
          onError={event =>
            adaptive ? fallBack() : setFault(event.currentTarget.error?.message || 'The film could not be loaded.')
          }
        >
          {video.transcriptState === 'ready' ? (
            <track
              kind="captions"
              label={captionsLabel(video.transcriptLanguage)}
              srcLang={video.transcriptLanguage ?? 'und'}
              src={rushes.videos.transcriptUrl(video.id, 'vtt')}
            />
          ) : null}
        </video>
        {hasPicture(video) ? null : (
          <div className="stage-sound" slot="poster">
            <AudioLines size={48} strokeWidth={1.25} aria-hidden="true" />
            <span>Only sound</span>
          </div>
        )}
        <media-loading-indicator slot="centered-chrome" />
        <PlayerControls captioned={video.transcriptState === 'ready'} ladder={ladder} />
      </media-controller>
      {fault === null ? null : <Fault message={fault} onRetry={retry} />}
    </div>
  )
}

function Waiting({ video }: { video: Video }) {
  const failed = video.status === 'error'
  const Icon = failed ? TriangleAlert : Hourglass
  return (
    <div className="stage stage-waiting">
      <Icon size={32} strokeWidth={1.5} aria-hidden="true" />
      <p>
        {failed ? (video.error?.message ?? 'This film can’t be played.') : 'It plays here as soon as it is received.'}
      </p>
    </div>
  )
}

function Fault({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div className="stage-fault" role="alert">
      <TriangleAlert size={24} aria-hidden="true" />
      <p>The film stopped: {message}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}
