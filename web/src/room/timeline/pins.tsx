import { memo, useMemo, useRef } from 'react'
import type { Message } from '../../../../client-sdk/src/index.ts'
import { initialsOf, personStyle } from '../../ui/avatar.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { useDesk } from '../desk.ts'
import { usePlayback } from '../playback.ts'
import { placeWords } from '../spans.ts'
import { along, inLanes, type Pin, pinned } from './geometry.ts'

/** In CSS pixels, with a gap. */
const pinWidth = 28

interface TimedProps {
  messages: readonly Message[]
  durationSeconds: number
}

/** Comments that speak of a second or a span; those at one place are one pin. */
export const Pins = memo(function Pins({ messages, durationSeconds }: TimedProps) {
  const row = useRef<HTMLDivElement>(null)
  const width = useWidth(row)
  const pins = pinned(messages, width > 0 ? (durationSeconds * pinWidth) / width : 0)
  return (
    <div className="pins" ref={row}>
      {pins.map(pin => (
        <PinButton key={pin.items[0]?.id} pin={pin} durationSeconds={durationSeconds} />
      ))}
    </div>
  )
})

function PinButton({ pin: { seconds, items }, durationSeconds }: { pin: Pin<Message>; durationSeconds: number }) {
  const playback = usePlayback()
  const desk = useDesk()
  const pointedAt = items.findIndex(item => item.id === desk.pointed)
  const [first] = items
  if (!first) return null
  // Pressed again, it goes on to the next of those that are here.
  const open = () => {
    const next = items[(pointedAt + 1) % items.length] ?? first
    playback.seek(next.atSeconds ?? seconds)
    desk.point(next.id)
  }
  const left = along(seconds, durationSeconds)
  return (
    <span className="pin-spot">
      <button
        type="button"
        className="pin"
        style={{ ...personStyle(first.author), left }}
        aria-label={pinLabel(first, items.length)}
        aria-current={pointedAt >= 0}
        data-text={items.length > 1 ? items.length : initialsOf(first.author)}
        onClick={open}
      />
      <PinCard items={items} left={left} />
    </span>
  )
}

const mostShown = 4

/** What is said there, while the pointer or the focus is on the pin. */
function PinCard({ items, left }: { items: Message[]; left: string }) {
  const rest = items.length - mostShown
  return (
    <span className="pin-card" style={{ left, translate: `-${left} 0` }} aria-hidden="true">
      {items.slice(0, mostShown).map(({ id, author, body, atSeconds, endSeconds }) => (
        <span key={id}>
          <b>{author}</b> <i>{placeWords(atSeconds ?? 0, endSeconds)}</i> {body}
        </span>
      ))}
      {rest > 0 ? <i>and {rest} more</i> : null}
    </span>
  )
}

function pinLabel({ author, atSeconds, endSeconds, body }: Message, count: number): string {
  const text = body.length > 80 ? `${body.slice(0, 80)}…` : body
  return `${author} at ${placeWords(atSeconds ?? 0, endSeconds)}: ${text}${count > 1 ? ` (and ${count - 1} more)` : ''}`
}

const laneCount = 3

/** The spans that comments speak of. For the pointer: by keys they are reached by their pins. */
export const CommentSpans = memo(function CommentSpans({ messages, durationSeconds }: TimedProps) {
  const playback = usePlayback()
  const desk = useDesk()
  const placed = useMemo(() => inLanes(messages.flatMap(spanOf), laneCount), [messages])
  return placed.map(({ item: { message, startSeconds, endSeconds }, lane }) => (
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <span
      key={message.id}
      className="comment-span"
      title={pinLabel(message, 1)}
      data-pointed={message.id === desk.pointed}
      style={{
        ...personStyle(message.author),
        left: along(startSeconds, durationSeconds),
        width: along(endSeconds - startSeconds, durationSeconds),
        bottom: 2 + lane * 6,
      }}
      onClick={() => {
        playback.seek(startSeconds)
        desk.point(message.id)
      }}
    />
  ))
})

const spanOf = (message: Message) =>
  message.atSeconds === null || message.endSeconds === null
    ? []
    : [{ message, startSeconds: message.atSeconds, endSeconds: message.endSeconds }]

/** What is marked for the next comment; its end follows the film until it is set. */
export function MarkedSpan({ durationSeconds }: { durationSeconds: number }) {
  const { span } = useDesk()
  if (!span) return null
  const { startSeconds, endSeconds } = span
  const left = along(startSeconds, durationSeconds)
  const width = endSeconds === null ? undefined : along(endSeconds - startSeconds, durationSeconds)
  return <span className="marked" data-open={endSeconds === null} style={{ left, width }} />
}
