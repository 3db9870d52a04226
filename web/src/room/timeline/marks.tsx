import { memo, useRef } from 'react'
import { type Message, type Scene, timeCode } from '../../../../client-sdk/src/index.ts'
import type { Playhead } from '../../../../client-sdk/src/react/index.ts'
import { Avatar, initialsOf, personStyle } from '../../ui/avatar.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { type Lit, useDesk } from '../desk.ts'
import type { Match } from '../matches.ts'
import { usePlayback } from '../playback.ts'
import { along, pinned, ticks } from './geometry.ts'

/** Where the others are in the film. */
export const Heads = memo(function Heads({
  playheads,
  durationSeconds,
}: {
  playheads: Playhead[]
  durationSeconds: number
}) {
  return (
    <div className="heads">
      {playheads.map(({ memberId, name, atSeconds, playing }) => (
        <span
          key={memberId}
          className="head"
          title={`${name} is at ${timeCode(atSeconds)}`}
          data-playing={playing}
          style={{ ...personStyle(name), left: along(atSeconds, durationSeconds) }}
        >
          <Avatar name={name} />
        </span>
      ))}
    </div>
  )
})

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

/** In CSS pixels, with a gap. */
const pinWidth = 28

interface PinsProps {
  messages: readonly Message[]
  durationSeconds: number
}

/** Comments that speak of a second. */
export const Pins = memo(function Pins({ messages, durationSeconds }: PinsProps) {
  const playback = usePlayback()
  const desk = useDesk()
  const row = useRef<HTMLDivElement>(null)
  const width = useWidth(row)
  const pins = pinned(messages, width > 0 ? (durationSeconds * pinWidth) / width : 0)
  return (
    <div className="pins" ref={row}>
      {pins.map(({ seconds, items }) => {
        const [first] = items
        if (!first) return null
        const open = () => {
          playback.seek(seconds)
          desk.point(first.id)
        }
        return (
          <button
            key={first.id}
            type="button"
            className="pin"
            style={{ ...personStyle(first.author), left: along(seconds, durationSeconds) }}
            aria-label={pinLabel(first, items.length)}
            title={pinLabel(first, items.length)}
            aria-current={items.some(item => item.id === desk.pointed)}
            data-text={items.length > 1 ? items.length : initialsOf(first.author)}
            onClick={open}
          />
        )
      })}
    </div>
  )
})

function pinLabel({ author, atSeconds, body }: Message, count: number): string {
  const text = body.length > 80 ? `${body.slice(0, 80)}…` : body
  return `${author} at ${timeCode(atSeconds ?? 0)}: ${text}${count > 1 ? ` (and ${count - 1} more)` : ''}`
}

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
