import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { openChat, openDatabaseForFile } from './open-chat.ts'
import { serveChat } from './serve-chat.ts'

const database = await openDatabaseForFile()

const unseen: Record<string, string> = {
  spaces: ' \t\n\u00a0\u1680\u2003\u3000',
  'joiners and zero widths': '\u200b\u200c\u200d\u2060\ufeff\u034f',
  directions: '\u200e\u202e\u2066\u061c',
  'soft hyphens': '\u00ad\u00ad',
  'Hangul fillers': '\u115f\u1160\u3164\uffa0',
  'braille blanks': '\u2800\u2800',
  'variation selectors': '\ufe0e\ufe0f\u{e0100}',
  tags: '\u{e0067}\u{e0062}\u{e007f}',
  'Mongolian and Khmer': '\u180b\u180e\u17b4\u17b5',
  'musical formats': '\u{1d159}\u{1d173}\u{1bca0}',
  'hieroglyphic blanks': '\u{13430}\u{13441}\u{13442}',
  'objects that are not there': '\ufff9\ufffa\ufffb\ufffc',
  'marks on nothing': '\u0301\u0336\u20dd\u0903',
  controls: '\u0001\u001b\u0007\u0085',
  'all of it': ' \u200d\u2800\u0301\ufe0f\u3164 ',
}
const seen = [
  '.',
  'é',
  'e\u0301',
  '👍',
  '1\ufe0f\u20e3',
  '🏳️‍🌈',
  '中',
  'ก',
  'क्ष',
  '\u2800\u2801',
  '\u3164가',
  '\u200dx',
  '🏴\u{e0067}\u{e007f}',
]

test('a message, a question and a name have something to be seen, in whichever script', async () => {
  await using room = openChat(database)
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const { videos } = createRushes({ url: server.url })
  const invalid = { code: 'request.invalid' }
  for (const [what, text] of Object.entries(unseen)) {
    await assert.rejects(videos.say(videoId, { body: text }), invalid, what)
    await assert.rejects(videos.say(videoId, { body: 'hello', author: text }), invalid, what)
    await assert.rejects(videos.ask(videoId, text).text(), invalid, what)
  }
  assert.equal(room.told(videoId).length, 0)
  for (const text of seen) {
    const { body, author } = await videos.say(videoId, { body: text, author: text })
    assert.deepEqual([body, author], [text, text])
  }
})
