import { type RefObject, useEffect, useRef } from 'react'
import { timeCode } from '../../../../client-sdk/src/index.ts'
import { type Other, secondsOf, useOthers } from '../../../../client-sdk/src/react/index.ts'
import { Avatar, personStyle } from '../../ui/avatar.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { along } from './geometry.ts'

/** Closer than this, in CSS pixels, people stand in a row instead of on each other. */
const closePixels = 22
const shiftPixels = 12
/** With more of them, names would cover each other. */
const mostNames = 4

/** Where the others are in the film; between two reports they move on as their films do. */
export function Heads({ durationSeconds }: { durationSeconds: number }) {
  const others = useOthers(all => all.filter(other => other.playhead !== null))
  const row = useRef<HTMLDivElement>(null)
  const width = useWidth(row)
  const places = sideBySide(others, width > 0 ? (durationSeconds * closePixels) / width : 0)
  return (
    <div className="heads" ref={row}>
      {places.map(({ other, shift, isAlone }) => (
        <Head
          key={other.id}
          other={other}
          shift={shift}
          isNamed={isAlone && others.length <= mostNames}
          durationSeconds={durationSeconds}
        />
      ))}
    </div>
  )
}

interface HeadProps {
  other: Other
  shift: number
  isNamed: boolean
  durationSeconds: number
}

function Head({ other, shift, isNamed, durationSeconds }: HeadProps) {
  const { name, playhead, leading } = other
  const ref = useRef<HTMLSpanElement>(null)
  useGlide(ref, other, durationSeconds)
  const seconds = playhead?.atSeconds ?? 0
  const isNearEnd = seconds > durationSeconds * 0.85
  return (
    <span
      ref={ref}
      className="head"
      title={`${name} is at ${timeCode(seconds)}`}
      data-playing={playhead?.playing ?? false}
      data-leading={leading}
      data-side={isNearEnd ? 'left' : 'right'}
      style={{ ...personStyle(name), marginLeft: shift * shiftPixels }}
    >
      <Avatar name={name} />
      {isNamed ? <span className="head-name">{name}</span> : null}
    </span>
  )
}

/** Seconds off, from which on it was a jump, which is shown as one. */
const jumpSeconds = 2
/** How much of what it is off is made up for in a frame. */
const catchUp = 0.15

/** Moves the element along the timeline, without drawing anything again in React. */
function useGlide(ref: RefObject<HTMLElement | null>, other: Other, durationSeconds: number): void {
  const shown = useRef<number | null>(null)
  useEffect(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    let frame = 0
    const move = () => {
      const wanted = Math.min(secondsOf(other) ?? 0, durationSeconds)
      const before = shown.current ?? wanted
      const off = wanted - before
      const now = isCalm || Math.abs(off) > jumpSeconds ? wanted : before + off * catchUp
      shown.current = now
      if (ref.current) ref.current.style.left = along(now, durationSeconds)
      const goesOn = !isCalm && (other.playhead?.playing || Math.abs(wanted - now) > 0.01)
      frame = goesOn ? requestAnimationFrame(move) : 0
    }
    move()
    return () => cancelAnimationFrame(frame)
  }, [ref, other, durationSeconds])
}

interface Place {
  other: Other
  /** How many stand before it at the same place. */
  shift: number
  isAlone: boolean
}

function sideBySide(others: readonly Other[], closerThanSeconds: number): Place[] {
  const places: Place[] = []
  let last = { seconds: Number.NEGATIVE_INFINITY, group: [] as Place[] }
  for (const other of others.toSorted((a, b) => (secondsOf(a) ?? 0) - (secondsOf(b) ?? 0))) {
    const seconds = secondsOf(other) ?? 0
    if (seconds - last.seconds > closerThanSeconds) last = { seconds, group: [] }
    const place = { other, shift: last.group.length, isAlone: last.group.length === 0 }
    for (const each of last.group) each.isAlone = false
    last.group.push(place)
    places.push(place)
  }
  return places
}
