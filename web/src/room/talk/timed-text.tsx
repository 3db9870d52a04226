import { Fragment } from 'react'
import { usePlaybackValue } from '../playback.ts'
import { TimeLink } from '../time-link.tsx'

interface TimedTextProps {
  text: string
  /**
   * Of an answer: the seconds that it cites, or (while it comes, and they are not known yet) that those in brackets are
   * they. No other time is a link: nobody has checked it.
   */
  checked?: ReadonlySet<number> | 'in brackets'
  /** When a time code of an answer, `[0:42]`, was followed. */
  onCite?: (seconds: number) => void
}

/** Text as text, where every time code that lies in the film is a link to it; in an answer those that were checked. */
export function TimedText({ text, checked, onCite }: TimedTextProps) {
  const durationSeconds = usePlaybackValue(now => now.durationSeconds)
  const isLink = ({ seconds, cited }: Time) =>
    seconds <= durationSeconds &&
    (checked === undefined || (cited && (checked === 'in brackets' || checked.has(seconds))))
  return cutAtTimes(text, isLink).map(({ key, text: piece, seconds, cited }) => {
    if (seconds === null) return <Fragment key={key}>{piece}</Fragment>
    return (
      <TimeLink
        key={key}
        seconds={seconds}
        className={cited ? 'time-link at-chip' : 'time-link'}
        onSeek={() => cited && onCite?.(seconds)}
      >
        {piece}
      </TimeLink>
    )
  })
}

interface Time {
  seconds: number
  /** It stood in brackets, as answers write what they rest on. */
  cited: boolean
}

interface Piece {
  key: number
  text: string
  /** Null for what is only text. */
  seconds: number | null
  cited: boolean
}

const time = String.raw`(?:\d{1,2}:)?[0-5]?\d:[0-5]\d`
const timePattern = new RegExp(String.raw`\[(?<cited>${time})\]|\b(?<plain>${time})\b`, 'g')

function cutAtTimes(text: string, isLink: (time: Time) => boolean): Piece[] {
  const pieces: Piece[] = []
  let cursor = 0
  const addText = (end: number) =>
    pieces.push({ key: cursor * 2, text: text.slice(cursor, end), seconds: null, cited: false })
  for (const found of text.matchAll(timePattern)) {
    const { cited, plain = '' } = found.groups ?? {}
    const code = cited ?? plain
    const seconds = code.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    if (!isLink({ seconds, cited: cited !== undefined })) continue
    addText(found.index)
    pieces.push({ key: found.index * 2 + 1, text: code, seconds, cited: cited !== undefined })
    cursor = found.index + found[0].length
  }
  addText(text.length)
  return pieces
}
