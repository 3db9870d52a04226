import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMarkerReader } from '../../server/chat/engines/marker-reader.ts'

const times = ['0:05', '1:10']
const read = (parts: string[]): string => {
  const reader = createMarkerReader(number => times[number - 1])
  return parts.map(part => reader.push(part)).join('') + reader.end()
}

const texts: [given: string, shown: string][] = [
  ['It is so [1].', 'It is so [0:05].'],
  ['Both [1, 2] say it, [2] twice.', 'Both [0:05] [1:10] say it, [1:10] twice.'],
  ['Invented [9], partly [2,7].', 'Invented, partly [1:10].'],
  ['A range [1-2], [1–2] and [1 to 2].', 'A range [0:05] [1:10], [0:05] [1:10] and [0:05] [1:10].'],
  ['Lists [1; 2], [1 and 2], [1,2,1].', 'Lists [0:05] [1:10], [0:05] [1:10], [0:05] [1:10].'],
  ['Blanks [ 1 ], others 【1】, 【2†source】, 【1:0†L1-L4】.', 'Blanks [0:05], others [0:05], [1:10], [0:05].'],
  ['Notes [^1], [#2], names [excerpt 1], [Excerpts 1 and 2].', 'Notes [0:05], [1:10], names [0:05], [0:05] [1:10].'],
  ['Side by side [1][2].', 'Side by side [0:05][1:10].'],
  ['A year [1901], [1901, 1], places x[0] and [0].', 'A year [1901], [1901, 1], places x[0] and [0].'],
  [
    'Words [applause] and [see note 1 below], [1.5], [-1], [1-900].',
    'Words [applause] and [see note 1 below], [1.5], [-1], [1-900].',
  ],
  ['Times [0:42], [00:42:10], [0:42-0:50] and 【1:02】.', 'Times (0:42), (00:42:10), (0:42-0:50) and (1:02).'],
  [
    'Times with words [0:42, Ada], [~0:42], [time 0:42], [0：42].',
    'Times with words (0:42, Ada), (~0:42), (time 0:42), (0：42).',
  ],
  ['It opened at [0:42 [99]].', 'It opened at (0:42).'],
  ['It opened at [[9]0:42], [0:42【9】], [0:4[9]2].', 'It opened at (0:42), (0:42), (0:42).'],
  ['Deeper [[[9] 0:42] [9]], beside [0:42 [1]].', 'Deeper ((0:42)), beside (0:42 [0:05]).'],
  ['Twice [[1]], [[1], [2]], [see [1] there].', 'Twice [0:05], [0:05], [1:10], [see [0:05] there].'],
  [
    'Lists [1, 2, and 2], [1, and 2], [1、2], [1，2], [1 2], [1 or 2].',
    `Lists ${Array(6).fill('[0:05] [1:10]').join(', ')}.`,
  ],
  [
    'Wide ［1］, [１], 【１】, raised [^1^], escaped \\[1\\].',
    'Wide [0:05], [0:05], [0:05], raised [0:05], escaped [0:05].',
  ],
  ['Names [source: 1], [来源：1], [Quelle: 1], [fuente 1].', 'Names [0:05], [0:05], [0:05], [0:05].'],
  ['Counted [excerpt no. 1], [No. 2], [Nr. 2], [№ 2].', 'Counted [0:05], [1:10], [1:10], [1:10].'],
  ['With its time [Excerpt 1 (0:42)], [1, 0:42], [2 at 0:42-0:50].', 'With its time [0:05], [0:05], [1:10].'],
  ['Origins [1†source, 2†L1-L4].', 'Origins [0:05] [1:10].'],
  [
    'Numbers [10 000], [1 900], [figure 1], [1:3], [e 1], [John said].',
    'Numbers [10 000], [1 900], [figure 1], [1:3], [e 1], [John said].',
  ],
  [
    'Names and lists [excerpts 1, 2, and 2], [source: 1], [citation:1], [ref:1], [来源1].',
    'Names and lists [0:05] [1:10], [0:05], [0:05], [0:05], [0:05].',
  ],
  ['Joined [excerpt_1], [excerpt-1], [ex. 1], [source_2, source_1].', 'Joined [0:05], [0:05], [0:05], [1:10] [0:05].'],
  ['Ends and times [1.], [1 (0:05)], [1 at 0:42], [№1].', 'Ends and times [0:05], [0:05], [0:05], [0:05].'],
  [
    'Times [around 0:42], [timestamp 0:42], [0:42 min], ［0:42］.',
    'Times (around 0:42), (timestamp 0:42), (0:42 min), (0:42).',
  ],
  [
    'Times [0:42, 1], [00:00:05.000 --> 00:00:09.000], [0:[9]42].',
    'Times (0:42, 1), (00:00:05.000 --> 00:00:09.000), (0:42).',
  ],
  ['Others [example-1], [index_1], [1.5.], [ex 1: so].', 'Others [example-1], [index_1], [1.5.], [ex 1: so].'],
  ['An array [] and [a] and [1 stay', 'An array [] and [a] and [1 stay'],
  ['At the end [2', 'At the end [2'],
  [
    'Far [1234567890123456789012345678901234567890123456789]',
    'Far [1234567890123456789012345678901234567890123456789]',
  ],
]
for (const [given, shown] of texts) {
  test(`“${given}” is shown right wherever the stream cuts it`, () => {
    assert.equal(read([given]), shown)
    assert.equal(read([...given]), shown)
    for (let at = 1; at < given.length; at++)
      assert.equal(read([given.slice(0, at), given.slice(at)]), shown, `cut at ${at}`)
  })
}

test('text without markers is not held back', () => {
  const reader = createMarkerReader(() => undefined)
  assert.equal(reader.push('Hello'), 'Hello')
})
