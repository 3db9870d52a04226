import { rationalSeconds } from '../frame-rate.ts'
import type { NoteSheet, PlacedNote } from '../sheet.ts'
import { oneLine, shortened } from './plain.ts'

const valueCharacters = 200

/**
 * A project for Final Cut (FCPXML 1.8, which DaVinci Resolve reads too): a gap as long as the film, with the markers on
 * it. Put the film on top of the gap, and each stands where it was noted. All times lie on the timeline's frames.
 */
export function writeFcpxml(sheet: NoteSheet): string {
  const { title, width, height, codes, firstFrame, duration, remark, notes } = sheet
  const time = (frames: number) => rationalSeconds(frames, codes.rate)
  const size = width === null || height === null ? {} : { width: String(width), height: String(height) }
  const name = oneLine(title) || 'Notes'
  const format = element('format', { id: 'r1', frameDuration: time(1), ...size })
  const span = { start: time(firstFrame), duration: time(duration) }
  const gap = element(
    'gap',
    { name: 'Gap', offset: time(firstFrame), ...span },
    notes.map(note => marker(note, sheet)),
  )
  const sequence = element(
    'sequence',
    {
      ...{ format: 'r1', duration: time(duration), tcStart: time(firstFrame) },
      tcFormat: codes.isDropFrame ? 'DF' : 'NDF',
    },
    [...(remark === null ? [] : [`<note>${escaped(remark)}</note>`]), element('spine', {}, [gap])],
  )
  const event = element('event', { name }, [element('project', { name: `${name} – notes` }, [sequence])])
  const whole = element('fcpxml', { version: '1.8' }, [
    element('resources', {}, [format]),
    element('library', {}, [event]),
  ])
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n${whole}\n`
}

function marker(note: PlacedNote, { codes, firstFrame }: NoteSheet): string {
  const { startFrame, endFrame, title, text, author, replies } = note
  const said = [...(author === null ? [] : [`${author}: `]), title ?? text].join('')
  const whole = [...(title === null ? [] : [title]), text, ...replies.map(reply => `${reply.author}: ${reply.text}`)]
  return element('marker', {
    start: rationalSeconds(firstFrame + startFrame, codes.rate),
    duration: rationalSeconds(endFrame - startFrame, codes.rate),
    value: shortened(oneLine(said), valueCharacters) || 'note',
    note: whole.join('\n'),
  })
}

function element(name: string, attributes: Record<string, string>, children: readonly string[] = []): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  const open = `<${name}${given.join('')}`
  if (children.length === 0) return `${open}/>`
  const inside = children.flatMap(child => child.split('\n')).map(line => `  ${line}`)
  return [`${open}>`, ...inside, `</${name}>`].join('\n')
}

/** What XML 1.0 can't hold at all (section 2.2, “Char”), and what begins something else in it. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Breaks and tabs are written as references: as they are, attributes would lose them (section 3.3.3). */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(forbidden, '\ufffd')
    .replace(/[&<>"']/g, character => escapes[character] ?? '')
    .replace(/[\t\n\r]/g, character => `&#${character.charCodeAt(0)};`)
