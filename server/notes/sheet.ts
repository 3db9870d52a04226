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
  const { title, width, height, durationSeconds } = film
  const isLengthKnown = durationSeconds > 0
  const held = isLengthKnown ? notes.map(note => heldTo(note, durationSeconds)) : notes
  const frames = isLengthKnown ? Math.max(1, frameAfter(durationSeconds, rate)) : Number.POSITIVE_INFINITY
  const placed = held
    .map(note => ({ ...note, ...framesOf(note, rate, frames) }))
    .sort((a, b) => a.startFrame - b.startFrame)
  const duration = isLengthKnown ? frames : Math.max(1, latest(placed.map(note => note.endFrame)))
  return { ...{ title, width, height, codes, firstFrame, duration, remark }, notes: placed }
}

const latest = (ends: readonly number[]): number => ends.reduce((last, end) => Math.max(last, end), 0)

/** Some were stored before anybody knew how long the film is. */
const heldTo = (note: Note, seconds: number): Note => ({
  ...note,
  startSeconds: Math.min(note.startSeconds, seconds),
  endSeconds: note.endSeconds === null ? null : Math.min(note.endSeconds, seconds),
})

/** Of the `frames` that the film has: where players stop there is none any more, and the last one is what is seen. */
function framesOf({ startSeconds, endSeconds }: Note, rate: FrameRate, frames: number) {
  const startFrame = Math.min(frameAt(startSeconds, rate), frames - 1)
  const endFrame = endSeconds === null ? 0 : Math.min(frameAfter(endSeconds, rate), frames)
  return { startFrame, endFrame: Math.max(endFrame, startFrame + 1) }
}
