import type { NoteSheet, PlacedNote } from '../sheet.ts'
import { nameOf, timeCodeOf } from '../time-code.ts'

const columns = [
  ...['number', 'start seconds', 'end seconds', 'start time code', 'end time code', 'author', 'text'],
  ...['replies', 'reactions', 'created at', 'frame rate'],
]

/** RFC 4180, in UTF-8 with the mark by which Excel knows it. */
export function writeCsv(sheet: NoteSheet): string {
  const rate = sheet.remark === null ? nameOf(sheet.codes) : `${nameOf(sheet.codes)} (${sheet.remark})`
  const rows = sheet.notes.map((note, index) => [String(index + 1), ...cellsOf(note, sheet), rate])
  return `\ufeff${[columns, ...rows].map(row => `${row.map(cell).join(',')}\r\n`).join('')}`
}

function cellsOf(note: PlacedNote, { codes, firstFrame }: NoteSheet): string[] {
  const { startSeconds, endSeconds, startFrame, endFrame, title, text, author, replies, reactions, createdAt } = note
  const code = (frame: number) => timeCodeOf(firstFrame + frame, codes)
  return [
    seconds(startSeconds),
    endSeconds === null ? '' : seconds(endSeconds),
    code(startFrame),
    endSeconds === null ? '' : code(endFrame),
    author ?? '',
    title === null ? text : `${title}\n${text}`,
    replies.map(reply => `${reply.author}: ${reply.text}`).join('\n'),
    reactions.map(({ emoji, people }) => `${emoji} ${people.length}`).join(' '),
    createdAt,
  ]
}

/** To the millisecond. */
const seconds = (value: number): string => String(Math.round(value * 1000) / 1000)

/**
 * A cell that begins like a formula would be reckoned by Excel and others, in the name of whoever opens the file (CSV
 * injection): an apostrophe makes it text. Full-width signs count as signs in some languages.
 */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/

function cell(value: string): string {
  const storable = value.toWellFormed().replaceAll('\0', '\ufffd')
  const text = formulaStart.test(storable) ? `'${storable}` : storable
  return /[",\r\n\t;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
