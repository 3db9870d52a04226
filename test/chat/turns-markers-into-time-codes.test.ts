import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMarkerReader } from '../../server/chat/engines/marker-reader.ts'

const times = ['[0:05]', '[1:10]']
const read = (parts: string[]): string => {
  const reader = createMarkerReader(number => times[number - 1])
  return parts.map(part => reader.push(part)).join('') + reader.end()
}

const texts: [given: string, shown: string][] = [
  ['It is so [1].', 'It is so [0:05].'],
  ['Both [1, 2] say it, [2] twice.', 'Both [0:05] [1:10] say it, [1:10] twice.'],
  ['Invented [9], partly [2,7].', 'Invented, partly [1:10].'],
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
