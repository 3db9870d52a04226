import type { Scene } from '../../shared/index.ts'
import type { Printed } from '../media/index.ts'
import { printedKeys, steadyRadius } from './scene-part.ts'

export interface Film {
  durationSeconds: number
  /** Null where the file tells nonsense. */
  frameRate: number | null
}

/** Where a scene begins. */
interface Boundary {
  atSeconds: number
  score: number
}

/** Of two boundaries that are closer the weaker goes. */
const shortestSeconds = 0.5
/** A darker frame or two is a blink. */
const shortestBlackSeconds = 0.1
/** Enough to find one's way; of more, the clearest. */
const mostScenes = 5000
const fallbackFrameRate = 25

/** From what `scenePart` printed to scenes without gaps, from the film's beginning to its end. */
export function findScenes(printed: readonly Printed[], film: Film): Scene[] {
  const blacks = findBlacks(printed)
  const inBlack = ({ atSeconds }: Boundary) =>
    blacks.some(({ from, to }) => atSeconds > from - shortestBlackSeconds && atSeconds < to + shortestBlackSeconds)
  const cuts = findCuts(printed, film).filter(cut => !inBlack(cut))
  // What comes after the black at the very beginning is still the first scene.
  const fromBlack = blacks
    .filter(({ from }) => from > shortestBlackSeconds)
    .map(({ to }) => ({ atSeconds: to, score: 1 }))
  const starts = spaced([...cuts, ...fromBlack], film.durationSeconds)
  return [{ atSeconds: 0, score: 0 }, ...starts].map(({ atSeconds, score }, index, all) => ({
    index,
    startSeconds: atSeconds,
    endSeconds: all[index + 1]?.atSeconds ?? Math.max(film.durationSeconds, atSeconds),
    score,
  }))
}

/** A cut counts when it is there in the steady pictures; when exactly, the frame itself knows. */
function findCuts(printed: readonly Printed[], { frameRate }: Film): Boundary[] {
  const changes = new Map(printed.flatMap(line => (line.key === printedKeys.change ? [[line.frame, line]] : [])))
  return printed.flatMap(({ key, frame, atSeconds }) => {
    if (key !== printedKeys.cut) return []
    const exact = [0, 1, -1].map(off => changes.get(frame + steadyRadius + off)).find(found => found)
    if (exact) return [{ atSeconds: exact.atSeconds, score: Math.min(1, Number(exact.value) / 100) }]
    return [{ atSeconds: atSeconds + steadyRadius / (frameRate ?? fallbackFrameRate), score: leastScore }]
  })
}
const leastScore = 0.1

interface Black {
  from: number
  to: number
}

/** Black stretches with a picture after them: a fade through black is one boundary, where the picture comes back. */
function findBlacks(printed: readonly Printed[]): Black[] {
  const timesOf = (key: string) => printed.filter(line => line.key === key).map(({ atSeconds }) => atSeconds)
  const starts = timesOf(printedKeys.blackStart)
  return timesOf(printedKeys.blackEnd)
    .map((to, place) => ({ from: starts[place] ?? to, to }))
    .filter(({ from, to }) => to - from >= shortestBlackSeconds)
}

/** In order of time. The clearest are taken first, and keep their distance. */
function spaced(boundaries: readonly Boundary[], durationSeconds: number): Boundary[] {
  const taken: Boundary[] = []
  const inTime = boundaries.filter(
    ({ atSeconds }) => atSeconds >= shortestSeconds && atSeconds <= durationSeconds - shortestSeconds,
  )
  const halfSeconds = new Map<number, Boundary[]>()
  const near = (at: number) => [-1, 0, 1].flatMap(off => halfSeconds.get(Math.floor(at / shortestSeconds) + off) ?? [])
  for (const boundary of inTime.toSorted((a, b) => b.score - a.score)) {
    const { atSeconds } = boundary
    if (taken.length >= mostScenes - 1) break
    if (near(atSeconds).some(other => Math.abs(other.atSeconds - atSeconds) < shortestSeconds)) continue
    taken.push(boundary)
    const place = Math.floor(atSeconds / shortestSeconds)
    halfSeconds.set(place, [...(halfSeconds.get(place) ?? []), boundary])
  }
  return taken.toSorted((a, b) => a.atSeconds - b.atSeconds)
}
