import assert from 'node:assert/strict'
import { test } from 'node:test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { writeCsv } from '../../server/notes/formats/csv.ts'
import { writeEdl } from '../../server/notes/formats/edl.ts'
import { writeFcpxml } from '../../server/notes/formats/fcpxml.ts'
import { notesOf } from '../../server/notes/from-talk.ts'
import type { Note } from '../../server/notes/note.ts'
import { type Film, layOut } from '../../server/notes/sheet.ts'
import type { Message } from '../../shared/index.ts'
import { readCsv, readEdl, readFcpxml } from './reread.ts'

const film: Film = { title: 'Dailies', durationSeconds: 120, frameRate: 25, width: 1920, height: 1080 }
const note = (more: Partial<Note> = {}): Note => ({
  ...{ kind: 'comment', startSeconds: 10, endSeconds: null, title: null, text: 'look', author: 'Ada' },
  ...{ replies: [], reactions: [], createdAt: '2026-01-01T00:00:00.000Z', ...more },
})
const out = (notes: Note[], { start, ...more }: Partial<Film> & { start?: string } = {}) => {
  const sheet = layOut({ ...film, ...more }, notes, start)
  const xml = writeFcpxml(sheet)
  return { csv: readCsv(writeCsv(sheet)), edl: readEdl(writeEdl(sheet)), xml: readFcpxml(xml), text: xml }
}

test('points and spans, in order of time, alike in each format', () => {
  const { csv, edl, xml } = out([
    note({ startSeconds: 65.2, endSeconds: 70 }),
    note({ text: 'first', startSeconds: 4 }),
  ])
  assert.deepEqual(
    csv.map(row => [
      row.number,
      row['start seconds'],
      row['end seconds'],
      row['start time code'],
      row['end time code'],
    ]),
    [
      ['1', '4', '', '00:00:04:00', ''],
      ['2', '65.2', '70', '00:01:05:05', '00:01:10:00'],
    ],
  )
  assert.deepEqual(edl.events, [
    { number: 1, start: '00:00:04:00', end: '00:00:04:01', text: 'Ada: first', frames: 1 },
    { number: 2, start: '00:01:05:05', end: '00:01:10:00', text: 'Ada: look', frames: 120 },
  ])
  assert.deepEqual(
    xml.markers.map(({ start, frames, value, note }) => [start, frames, value, note]),
    [
      [100, 1, 'Ada: first', 'first'],
      [1630, 120, 'Ada: look', 'look'],
    ],
  )
  assert.deepEqual([xml.frameDuration, xml.width, xml.duration, xml.tcFormat], ['1/25s', '1920', 3000, 'NDF'])
})

const timelines: [frameRate: number, start: string, first: number, code: string, frameDuration: string][] = [
  [23.976, '01:00:00:00', 86_400, '01:00:59:22', '1001/24000s'],
  [24, '01:00:00:00', 86_400, '01:01:00:00', '1/24s'],
  [29.97, '01:00:00;00', 107_892, '01:00:59;28', '1001/30000s'],
  [29.97, '01:00:00:00', 108_000, '01:00:59:28', '1001/30000s'],
  [30, '10:00:00:00', 1_080_000, '10:01:00:00', '1/30s'],
  [50, '00:00:10:00', 500, '00:01:10:00', '1/50s'],
  [59.94, '01:00:00;00', 215_784, '01:00:59;56', '1001/60000s'],
]
for (const [frameRate, start, first, code, frameDuration] of timelines) {
  test(`a timeline of ${frameRate} that starts at ${start}: a minute in is ${code}`, () => {
    const { csv, edl, xml } = out([note({ startSeconds: 60 })], { frameRate, start })
    assert.equal(csv[0]?.['start time code'], code)
    assert.equal(edl.events[0]?.start, code)
    assert.equal(edl.isDropFrame, start.includes(';'))
    assert.deepEqual([xml.firstFrame, xml.frameDuration], [first, frameDuration])
    assert.equal(xml.tcFormat, start.includes(';') ? 'DF' : 'NDF')
    assert.equal(xml.markers[0]?.start, Math.floor(60 * Number(frameRate.toFixed(3)) + 0.1))
  })
}

test('what is not as the film has it is said in each', () => {
  const { csv, edl, xml } = out([note()], { frameRate: null, width: null, height: null })
  for (const said of [csv[0]?.['frame rate'], edl.remarks[0], xml.remark])
    assert.match(said ?? '', /25 frames a second are assumed/)
  const slow = out([note()], { frameRate: 15 })
  assert.match(slow.xml.remark ?? '', /15 frames a second: they are counted as 30/)
  assert.deepEqual([slow.edl.events[0]?.start, out([note()]).edl.remarks.length], ['00:00:10:00', 0])
})

test('no notes make an empty list', () => {
  const { csv, edl, xml } = out([])
  assert.deepEqual([csv, edl.events, xml.markers], [[], [], []])
})

test('a note behind the end, or where players stop, is one of the last frame; of a film that is not there yet none is', () => {
  for (const startSeconds of [119.99, 120, 120.5, 999_999])
    for (const endSeconds of [null, startSeconds, 1_000_000]) {
      const { csv, edl, xml } = out([note({ startSeconds, endSeconds })])
      assert.equal(csv[0]?.['start time code'], '00:01:59:24')
      assert.deepEqual([edl.events[0]?.start, edl.events[0]?.end], ['00:01:59:24', '00:02:00:00'])
      assert.deepEqual([xml.markers[0]?.start, xml.markers[0]?.frames, xml.duration], [2999, 1, 3000])
    }
  for (const frameRate of [23.976, 29.97, 15, 12.5, 59.94])
    for (const durationSeconds of [0.01, 1 / 3, 59.967, 3600.123]) {
      const { xml } = out([note({ startSeconds: durationSeconds })], { frameRate, durationSeconds })
      assert.equal((xml.markers[0]?.start ?? 0) + 1, xml.duration)
    }
  assert.equal(out([note({ startSeconds: 500 })], { durationSeconds: 0 }).xml.duration, 12_501)
})

test('replies and reactions come along', () => {
  const replies = [
    { author: 'Ben', text: 'yes' },
    { author: 'Cleo', text: 'no\nmore' },
  ]
  const reactions = [
    {
      emoji: '👍',
      people: [
        { id: 'a', name: 'Ada' },
        { id: 'b', name: 'Ben' },
      ],
    },
  ]
  const { csv, edl, xml } = out([note({ replies, reactions })])
  assert.deepEqual([csv[0]?.replies, csv[0]?.reactions], ['Ben: yes\nCleo: no\nmore', '👍 2'])
  assert.equal(edl.events[0]?.text, 'Ada: look / Ben: yes / Cleo: no more')
  assert.equal(xml.markers[0]?.note, 'look\nBen: yes\nCleo: no\nmore')
})

test('moments come out as well as comments', () => {
  const moment = note({ kind: 'moment', title: 'Goal', text: '', author: null, endSeconds: 12 })
  const { csv, edl, xml } = out([moment, note({ ...moment, text: 'from the left', startSeconds: 20, endSeconds: 21 })])
  assert.deepEqual([csv[0]?.text, csv[0]?.author, csv[1]?.text], ['Goal\n', '', 'Goal\nfrom the left'])
  assert.deepEqual([edl.events[0]?.text, edl.events[1]?.text], ['Goal', 'Goal / from the left'])
  assert.deepEqual([xml.markers[0]?.value, xml.markers[1]?.note], ['Goal', 'Goal\nfrom the left'])
})

const hostile: [what: string, text: string][] = [
  ['breaks', 'one\ntwo\r\nthree\u2028four'],
  ['quotes', 'he said "no", \'never\', “so”'],
  ['a formula', '=HYPERLINK("http://evil.example","click")'],
  ['a sum', '+1+1'],
  ['a minus', '-2+3'],
  ['a macro', '@SUM(A1)'],
  ['a tab', '\t=1+1'],
  ['a full-width sign', '＝1+1'],
  ['markup', '<marker value="x"/> & ]]> <!-- -- --> &amp; &#0;'],
  ['control characters', 'a\u0001b\u001bc\u007fd'],
  ['half a character', 'cut \ud83d'],
  ['no character', 'a\ufffeb\uffff'],
  ['field marks', 'x |D:99 |M:other |C:ResolveColorRed'],
  ['an event', '001  001      V     C        00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01  '],
  ['a comment line', '* LOC: 00:00:00:00 RED x\n* FROM CLIP NAME: y'],
  ['directions', 'abc \u202egpj.exe'],
  ['emoji', '👩‍👩‍👧‍👦🏳️‍🌈 見てください 🎬'],
  ['very much', 'long '.repeat(800)],
  ['emoji without an end', '👩‍👩‍👧‍👦'.repeat(300)],
  ['nothing that is seen', '\u200e'],
]
for (const [what, text] of hostile) {
  test(`${what} can do no harm, and can be read`, () => {
    const author = `${text}`.slice(0, 60)
    const both = [note({ text, author, replies: [{ author, text }] }), note({ startSeconds: 20, text: 'the next one' })]
    const { csv, edl, xml, text: raw } = out(both, { title: text.slice(0, 200) })
    const storable = text.toWellFormed()
    assert.equal(csv.length, 2)
    for (const cell of Object.values(csv[0] ?? {})) assert.doesNotMatch(cell, /^[=+\-@\t\r\n＝＋－＠]/)
    assert.equal(csv[0]?.text?.replace(/^'(?=[=+\-@\t＝])/, ''), storable)
    assert.equal(edl.events.length, 2)
    assert.ok((edl.events[0]?.text ?? '').length <= 500)
    assert.equal(edl.events[1]?.text, 'Ada: the next one')
    assert.equal(xml.markers.length, 2)
    const representable = storable.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    assert.ok(xml.markers[0]?.note.startsWith(representable))
    assert.ok((xml.markers[0]?.value ?? '').length <= 200)
    assert.equal(XMLValidator.validate(raw), true)
    const parsed = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(raw)
    assert.equal(parsed.fcpxml.library.event.project.sequence.spine.gap.marker.length, 2)
  })
}

test('a reply belongs to the comment that it is about, through other replies; one with a place stands alone', () => {
  const message = (id: string, more: Partial<Message>) =>
    ({
      id,
      author: id,
      body: id,
      atSeconds: null,
      endSeconds: null,
      replyTo: null,
      reactions: [],
      createdAt: '',
      ...more,
    }) as unknown as Message
  const replyTo = (id: string) => ({ replyTo: id as Message['id'] })
  const notes = notesOf([
    message('a', { atSeconds: 1 }),
    message('b', replyTo('a')),
    message('c', replyTo('b')),
    message('d', { ...replyTo('a'), atSeconds: 7 }),
    message('e', replyTo('d')),
    message('f', replyTo('gone')),
    message('g', replyTo('h')),
    message('h', replyTo('g')),
  ])
  assert.deepEqual(
    notes.map(each => [each.author, each.startSeconds, each.replies.map(reply => reply.author)]),
    [
      ['a', 1, ['b', 'c']],
      ['d', 7, ['e']],
    ],
  )
})
