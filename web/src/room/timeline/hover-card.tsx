import { type Segment, timeCode } from '../../../../client-sdk/src/index.ts'
import { wordsAround } from '../segments.ts'

interface HoverCardProps {
  seconds: number
  durationSeconds: number
  segments: Segment[]
}

/** The time, and the words said then. Kept inside the timeline by moving less than the pointer near its ends. */
export function HoverCard({ seconds, durationSeconds, segments }: HoverCardProps) {
  const around = wordsAround(segments, seconds)
  const part = durationSeconds > 0 ? (seconds / durationSeconds) * 100 : 0
  return (
    <div className="hover-card" style={{ left: `${part}%`, translate: `-${part}% 0` }} aria-hidden="true">
      <b>{timeCode(seconds)}</b>
      {around ? (
        <span>
          {around.before} <em>{around.word}</em>
          {around.after}
        </span>
      ) : null}
    </div>
  )
}
