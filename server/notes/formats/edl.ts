import type { NoteSheet, PlacedNote } from '../sheet.ts'
import { timeCodeOf } from '../time-code.ts'
import { oneLine, shortened } from './plain.ts'

/** Longer lines are refused by some; the whole is in the other formats. */
const mostCharacters = 500
const colours = { comment: 'Blue', moment: 'Green' } as const

/**
 * CMX 3600, one event a note, in the two ways in which markers travel in it: DaVinci Resolve reads the line with
 * `|C:… |M:… |D:…` (colour, name, length in frames), Avid and most others the comment `* LOC: time-code COLOUR text`.
 */
export function writeEdl(sheet: NoteSheet): string {
  const { title, codes, remark, notes } = sheet
  const head = [
    `TITLE: ${shortened(oneLine(title), 70)}`,
    `FCM: ${codes.isDropFrame ? 'DROP FRAME' : 'NON-DROP FRAME'}`,
  ]
  if (remark !== null) head.push(`* NOTE: ${oneLine(remark)}`)
  return [...head, '', ...notes.flatMap((note, index) => event(note, index + 1, sheet))].join('\n')
}

function event(note: PlacedNote, number: number, { codes, firstFrame }: NoteSheet): string[] {
  const { kind, startFrame, endFrame } = note
  const [start, end] = [startFrame, endFrame].map(frame => timeCodeOf(firstFrame + frame, codes))
  const colour = colours[kind]
  const text = shortened(textOf(note), mostCharacters)
  return [
    `${String(number).padStart(3, '0')}  001      V     C        ${start} ${end} ${start} ${end}  `,
    ` |C:ResolveColor${colour} |M:${text} |D:${endFrame - startFrame}`,
    `* LOC: ${start} ${colour.toUpperCase().padEnd(7)} ${text}`,
    '',
  ]
}

/** A bar would begin the next field. */
function textOf({ author, title, text, replies }: PlacedNote): string {
  const said = [
    ...(title === null ? [] : [title]),
    ...(text === '' ? [] : [author === null ? text : `${author}: ${text}`]),
  ]
  const answers = replies.map(reply => `${reply.author}: ${reply.text}`)
  return oneLine([...said, ...answers].join(' / ')).replaceAll('|', '¦') || 'note'
}
