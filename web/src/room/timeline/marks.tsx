import { memo } from 'react'
import { type Scene, timeCode } from '../../../../client-sdk/src/index.ts'
import type { Lit } from '../desk.ts'
import type { Match } from '../matches.ts'
import { along, ticks } from './geometry.ts'

/** Where the answer's citations lie. */
export const Citations = memo(function Citations({
  lit,
  durationSeconds,
}: {
  lit: Lit | null
  durationSeconds: number
}) {
  return lit?.citations.map(({ startSeconds, endSeconds }, position) => (
    <span
      key={`${startSeconds}-${endSeconds}`}
      className="cited"
      data-chosen={lit.chosen === position}
      style={{ left: along(startSeconds, durationSeconds), width: along(endSeconds - startSeconds, durationSeconds) }}
    />
  ))
})

/** Where the words of the search are said. */
export const Hits = memo(function Hits({ matches, durationSeconds }: { matches: Match[]; durationSeconds: number }) {
  return matches.map(({ segmentIndex, from, startSeconds }) => (
    <span
      key={`${segmentIndex}-${from}`}
      className="track-hit"
      style={{ left: along(startSeconds, durationSeconds) }}
    />
  ))
})

/** Where a scene begins. The first needs no mark. */
export const Cuts = memo(function Cuts({ scenes, durationSeconds }: { scenes: Scene[]; durationSeconds: number }) {
  return scenes
    .slice(1)
    .map(({ index, startSeconds }) => (
      <span key={index} className="cut" style={{ left: along(startSeconds, durationSeconds) }} />
    ))
})

export const Ruler = memo(function Ruler({ durationSeconds }: { durationSeconds: number }) {
  return (
    <div className="ruler" aria-hidden="true">
      <span style={{ left: 0 }}>0:00</span>
      {ticks(durationSeconds, 9).map(second => (
        <span key={second} style={{ left: along(second, durationSeconds) }}>
          {timeCode(second)}
        </span>
      ))}
    </div>
  )
})
