import { AppError } from '../../platform/errors.ts'
import type { Cue } from './cue.ts'
import { readCueText } from './cue-text.ts'
import { decodeText } from './decode-text.ts'
import { mergeRolling } from './merge-rolling.ts'

export interface Captions {
  /** From WebVTT's `Language:` header; null when the file does not say. */
  language: string | null
  cues: Cue[]
}

const maxBytes = 16 * 1024 * 1024
const maxCues = 100_000
/** More lines than anyone could read in one cue: a broken or hostile file. */
const maxLinesPerCue = 50

/** WebVTT or SubRip → its cues in order of time. Throws `upload.unsupported_captions` for what is neither. */
export const parseCaptions = (bytes: Uint8Array): Cue[] => readCaptions(bytes).cues

/** As `parseCaptions`, with what the file says of itself. Faulty cues are left out, the rest is kept. */
export function readCaptions(bytes: Uint8Array): Captions {
  if (bytes.byteLength > maxBytes) throw unsupported('The captions are larger than 16 MB.')
  const lines = decodeText(bytes).split(/\r\n|\r|\n/)
  const cues = readCues(lines)
  if (cues.length === 0 && !/^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '')) {
    throw unsupported(
      'The captions are neither WebVTT nor SubRip: there is no line with times such as 00:00:01,000 --> 00:00:02,500.',
    )
  }
  const language = lines.slice(0, 10).map(line => /^Language:[ \t]{0,10}([a-z0-9-]{2,35})[ \t]*$/i.exec(line)?.[1])
  return { language: language.find(found => found !== undefined) ?? null, cues: mergeRolling(cues) }
}

const unsupported = (message: string): AppError => new AppError('upload.unsupported_captions', message)

/**
 * A cue is a line with times and the lines below it, up to an empty one. Everything else (headers, styles, regions,
 * notes, cue numbers) is never such a line, in either format.
 */
function readCues(lines: readonly string[]): Cue[] {
  const cues: Cue[] = []
  let at = 0
  while (at < lines.length && cues.length < maxCues) {
    const times = readTimes(lines[at++] ?? '')
    if (times === null) continue
    const end = endOfCue(lines, at)
    const { lines: text, speaker } = readCueText(lines.slice(at, Math.min(end, at + maxLinesPerCue)))
    if (text.length > 0) cues.push({ ...times, lines: text, speaker })
    at = end
  }
  return cues.sort((a, b) => a.startSeconds - b.startSeconds)
}

/** Some files forget the empty line: then the next cue begins at its times, or at the number above them. */
function endOfCue(lines: readonly string[], from: number): number {
  let at = from
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.trim() === '' || line.includes('-->')) break
  }
  const interrupted = (lines[at] ?? '').includes('-->')
  return interrupted && at > from && /^\s*\d{1,9}\s*$/.test(lines[at - 1] ?? '') ? at - 1 : at
}

const timePattern = /^(?:(\d{1,4}):)?(\d{1,3}):(\d{1,3})(?:[.,](\d{3}))?$/

function readTimes(line: string): Pick<Cue, 'startSeconds' | 'endSeconds'> | null {
  const arrow = line.indexOf('-->')
  if (arrow === -1 || arrow > 40) return null
  const startSeconds = readTime(line.slice(0, arrow))
  const endSeconds = readTime(
    line
      .slice(arrow + 3, arrow + 60)
      .trimStart()
      .split(/\s/, 1)[0] ?? '',
  )
  return startSeconds === null || endSeconds === null || endSeconds <= startSeconds
    ? null
    : { startSeconds, endSeconds }
}

/** `01:02:03.004`, SubRip's comma, without hours, without milliseconds. */
function readTime(text: string): number | null {
  const parts = timePattern.exec(text.trim())
  if (parts === null) return null
  const [hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = parts.slice(1).map(part => Number(part ?? 0))
  const wholeSeconds = hours * 3600 + minutes * 60 + seconds
  return minutes < 60 && seconds < 60 ? (wholeSeconds * 1000 + milliseconds) / 1000 : null
}
