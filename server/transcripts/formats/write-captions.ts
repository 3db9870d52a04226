import type { Transcript } from '../../../shared/index.ts'

export type TranscriptFormat = 'vtt' | 'srt' | 'txt'

/** The transcript as a file of one of the formats, and its media type. */
export const writeCaptions: Record<TranscriptFormat, { contentType: string; write(transcript: Transcript): string }> = {
  vtt: { contentType: 'text/vtt; charset=utf-8', write: writeVtt },
  srt: { contentType: 'application/x-subrip; charset=utf-8', write: writeSrt },
  txt: { contentType: 'text/plain; charset=utf-8', write: writeText },
}

function writeVtt({ language, segments }: Transcript): string {
  const header = language === 'und' ? 'WEBVTT\n' : `WEBVTT\nLanguage: ${language}\n`
  const cues = segments.map(({ index, startSeconds, endSeconds, text, speaker }) => {
    const voice = speaker === undefined ? '' : `<v ${escapeMarkup(oneLine(speaker))}>`
    return `\n${index + 1}\n${timeOf(startSeconds, '.')} --> ${timeOf(endSeconds, '.')}\n${voice}${escapeMarkup(oneLine(text))}\n`
  })
  return header + cues.join('')
}

/** SubRip knows no way to escape an arrow, by which readers know a line with times. */
function writeSrt({ segments }: Transcript): string {
  return segments
    .map(({ index, startSeconds, endSeconds, text }) => {
      return `${index + 1}\n${timeOf(startSeconds, ',')} --> ${timeOf(endSeconds, ',')}\n${oneLine(text).replaceAll('-->', '->')}\n`
    })
    .join('\n')
}

function writeText({ segments }: Transcript): string {
  return segments.map(({ text }) => `${oneLine(text)}\n`).join('')
}

/** "-->" and "<" end a cue's text in WebVTT (section 4.2.2), so neither may stand in it. */
const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** An empty line would end the cue. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

function timeOf(seconds: number, point: '.' | ','): string {
  const milliseconds = Math.round(seconds * 1000)
  const pad = (value: number, digits: number) => String(value).padStart(digits, '0')
  const clock = [
    Math.floor(milliseconds / 3_600_000),
    Math.floor(milliseconds / 60_000) % 60,
    Math.floor(milliseconds / 1000) % 60,
  ]
  return `${clock.map(part => pad(part, 2)).join(':')}${point}${pad(milliseconds % 1000, 3)}`
}
