import { type Segment, type Storyboard, timeCode } from '../../../../client-sdk/src/index.ts'
import { StoryboardFrame } from '../../ui/storyboard-frame.tsx'
import { wordsAround } from '../segments.ts'

interface HoverCardProps {
  seconds: number
  durationSeconds: number
  segments: Segment[]
  storyboard: Storyboard | null
}

/** What is seen and said at a second. Kept inside the timeline by moving less than the pointer near its ends. */
export function HoverCard({ seconds, durationSeconds, segments, storyboard }: HoverCardProps) {
  const around = wordsAround(segments, seconds)
  const part = durationSeconds > 0 ? (seconds / durationSeconds) * 100 : 0
  const place = { left: `${part}%`, translate: `-${part}% 0` }
  return (
    <>
      {storyboard ? (
        <div className="hover-picture" style={place} aria-hidden="true">
          <StoryboardFrame storyboard={storyboard} seconds={seconds} />
        </div>
      ) : null}
      <div className="hover-card" style={place} aria-hidden="true">
        <b>{timeCode(seconds)}</b>
        {around ? (
          <span>
            {around.before} <em>{around.word}</em>
            {around.after}
          </span>
        ) : null}
      </div>
    </>
  )
}
