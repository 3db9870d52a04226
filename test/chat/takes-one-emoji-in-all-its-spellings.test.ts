import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSameEmoji } from '../../shared/emoji.ts'
import { Emoji } from '../../shared/index.ts'

test('an emoji is the same whichever selectors are sent', () => {
  const spellings: Record<string, string[]> = {
    '❤\ufe0f': ['❤', '❤\ufe0f', '❤\ufe0e'],
    '☺\ufe0f': ['☺', '☺\ufe0e'],
    '😀': ['😀', '😀\ufe0e', '😀\ufe0f'],
    '☝🏽': ['☝🏽', '☝\ufe0f🏽', '☝\ufe0e🏽'],
    '7\ufe0f\u20e3': ['7\u20e3', '7\ufe0e\u20e3'],
    '❤\ufe0f\u200d🔥': ['❤\u200d🔥', '❤\ufe0e\u200d🔥'],
    '👩🏽\u200d💻': ['👩🏽\u200d💻'],
    '🏴\u200d☠\ufe0f': ['🏴\u200d☠', '🏴\u200d☠\ufe0f'],
    '👨\u200d👩\u200d👧\u200d👦': ['👨\u200d👩\u200d👧\u200d👦'],
    '🇩🇪': ['🇩🇪'],
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}': [
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    ],
  }
  for (const [emoji, sent] of Object.entries(spellings)) for (const each of sent) assert.equal(Emoji.parse(each), emoji)
})

test('what joins or modifies nothing is no emoji', () => {
  const none = [
    '😀\u200d',
    '😀\u200d\ufe0f',
    '😀\ufe0f\u200d',
    '👩\u200d\u200d💻',
    '👍🏽🏿',
    '🏽',
    '\ufe0e',
    '❤\ufe0f\ufe0f\ufe0f',
  ]
  for (const each of [...none, '\u200d😀', '😀😀', ''])
    assert.equal(Emoji.safeParse(each).success, false, JSON.stringify(each))
})

test('one that was kept with a joiner at its end can be taken back by the one without', () => {
  assert.ok(isSameEmoji('😀\u200d', '😀') && isSameEmoji('❤\ufe0e', '❤\ufe0f') && !isSameEmoji('👩\u200d💻', '👩'))
})
