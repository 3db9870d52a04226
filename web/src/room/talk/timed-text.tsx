import { Fragment } from 'react'
import { usePlaybackValue } from '../playback.ts'
import { TimeLink } from '../time-link.tsx'

const timePattern = /\b(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)\b/g

/** Text as text, where every time code that lies in the film is a link to it. */
export function TimedText({ text }: { text: string }) {
  const durationSeconds = usePlaybackValue(now => now.durationSeconds)
  const parts: { key: number; text: string; seconds: number | null }[] = []
  let cursor = 0
  for (const found of text.matchAll(timePattern)) {
    const seconds = Number(found[1] ?? 0) * 3600 + Number(found[2]) * 60 + Number(found[3])
    if (seconds > durationSeconds) continue
    parts.push({ key: cursor, text: text.slice(cursor, found.index), seconds: null })
    parts.push({ key: found.index + 0.5, text: found[0], seconds })
    cursor = found.index + found[0].length
  }
  parts.push({ key: cursor, text: text.slice(cursor), seconds: null })
  return parts.map(part =>
    part.seconds === null ? (
      <Fragment key={part.key}>{part.text}</Fragment>
    ) : (
      <TimeLink key={part.key} seconds={part.seconds}>
        {part.text}
      </TimeLink>
    ),
  )
}
