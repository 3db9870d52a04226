import { type FrameRate, frameAfter, frameAt, frameRateOf } from './frame-rate.ts'
import type { Note } from './note.ts'
import { type TimeCodes, timelineFrom } from './time-code.ts'

/** A film's notes, in order, on the frames of a timeline. What every format writes down. */
export interface NoteSheet {
  title: string
  width: number | null
  height: number | null
  codes: TimeCodes
  /** What the timeline calls the film's first frame. */
  firstFrame: number
  /** In frames. */
  duration: number
  /** What is not as the film has it; null when all is. */
  remark: string | null
  notes: PlacedNote[]
}
export interface PlacedNote extends Note {
  /** Counted from the film's first frame. */
  startFrame: number
  /** The first frame after it: the next one for a point in time. */
  endFrame: number
}

export interface Film {
  title: string
  durationSeconds: number
  frameRate: number | null
  width: number | null
  height: number | null
}

/** Throws `request.invalid` when no frame can be called `start`. */
export function layOut(film: Film, notes: readonly Note[], start: string | undefined): NoteSheet {
  const { rate, remark } = frameRateOf(film.frameRate)
  const { firstFrame, ...codes } = timelineFrom(start, rate)
  const placed = notes.map(note => ({ ...note, ...framesOf(note, rate) })).sort((a, b) => a.startFrame - b.startFrame)
  const { title, width, height } = film
  // A comment may lie behind the last frame, where players stop.
  const ends = placed.map(note => note.endFrame)
  const duration = Math.max(1, frameAfter(film.durationSeconds, rate), latest(ends))
  return { ...{ title, width, height, codes, firstFrame, duration, remark }, notes: placed }
}

const latest = (ends: readonly number[]): number => ends.reduce((last, end) => Math.max(last, end), 0)

function framesOf({ startSeconds, endSeconds }: Note, rate: FrameRate) {
  const startFrame = frameAt(startSeconds, rate)
  const endFrame = endSeconds === null ? 0 : frameAfter(endSeconds, rate)
  return { startFrame, endFrame: Math.max(endFrame, startFrame + 1) }
}
