import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { type Segment, timeCode } from '../../../../client-sdk/src/index.ts'
import { usePlayback, usePlaybackValue } from '../playback.ts'
import { wordsAround } from '../segments.ts'

interface ScrubberProps {
  segments: Segment[]
  onHover: (seconds: number | null) => void
}

/** The part that listens: press and drag to seek, hover to look, arrows when focused. */
export function Scrubber({ segments, onHover }: ScrubberProps) {
  const playback = usePlayback()
  const dragging = useRef(false)
  const durationSeconds = usePlaybackValue(now => now.durationSeconds)
  const second = usePlaybackValue(now => Math.floor(now.seconds))

  const secondsAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * durationSeconds
  }
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    dragging.current = true
    event.currentTarget.setPointerCapture(event.pointerId)
    playback.seek(secondsAt(event))
  }
  const onPointerMove = (event: PointerEvent) => {
    const seconds = secondsAt(event)
    onHover(seconds)
    if (dragging.current) playback.seek(seconds)
  }
  const release = () => {
    dragging.current = false
  }
  return (
    <div
      className="scrubber"
      role="slider"
      tabIndex={0}
      aria-label="Position in the film"
      aria-valuemin={0}
      aria-valuemax={Math.max(1, Math.round(durationSeconds))}
      aria-valuenow={second}
      aria-valuetext={spokenPosition(second, durationSeconds, segments)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={release}
      onPointerCancel={release}
      onPointerLeave={() => onHover(null)}
      onKeyDown={event => onKey(event, playback.seek, durationSeconds)}
    />
  )
}

/** Home and End; the arrows belong to the whole page. */
function onKey(event: KeyboardEvent, seek: (seconds: number) => void, durationSeconds: number): void {
  if (event.key !== 'Home' && event.key !== 'End') return
  event.preventDefault()
  seek(event.key === 'Home' ? 0 : durationSeconds)
}

function spokenPosition(second: number, durationSeconds: number, segments: Segment[]): string {
  const around = wordsAround(segments, second)
  const place = `${timeCode(second)} of ${timeCode(durationSeconds)}`
  return around ? `${place}: ${around.word}${around.after}` : place
}
