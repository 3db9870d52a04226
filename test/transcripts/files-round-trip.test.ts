import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCaptions } from '../../server/transcripts/formats/parse-captions.ts'
import { writeCaptions } from '../../server/transcripts/formats/write-captions.ts'
import type { Transcript } from '../../shared/index.ts'

const transcript: Transcript = {
  language: 'en',
  engine: 'whisper',
  segments: [
    { index: 0, startSeconds: 0.05, endSeconds: 2.4, text: 'We launch in October.', words: [] },
    {
      index: 1,
      startSeconds: 61.999,
      endSeconds: 64,
      text: 'Fish & chips, 你好, e\u0301t\u00e9',
      speaker: 'Ada & Co',
      words: [],
    },
    { index: 2, startSeconds: 3661.5, endSeconds: 3700.0004, text: 'over', words: [] },
  ],
}
const times = transcript.segments.map(({ startSeconds, endSeconds }) => [
  startSeconds,
  Math.round(endSeconds * 1000) / 1000,
])
const texts = transcript.segments.map(({ text }) => text)
const read = (text: string) => readCaptions(new TextEncoder().encode(text))

for (const format of ['vtt', 'srt'] as const) {
  test(`${format} that was written is read back with the same texts and times`, () => {
    const { cues } = read(writeCaptions[format].write(transcript))
    assert.deepEqual(
      cues.map(cue => cue.lines.join(' ')),
      texts,
    )
    assert.deepEqual(
      cues.map(cue => [cue.startSeconds, cue.endSeconds]),
      times,
    )
  })
}

test('WebVTT keeps the language and the speaker', () => {
  const { language, cues } = read(writeCaptions.vtt.write(transcript))
  assert.deepEqual([language, cues[1]?.speaker, cues[0]?.speaker], ['en', 'Ada & Co', null])
})

test('a hostile text cannot leave its cue', () => {
  const text = '</v><script>alert(1)</script>\n\n2\n00:00:09.000 --> 00:00:10.000\nforged'
  const hostile = { ...transcript, segments: [{ index: 0, startSeconds: 0, endSeconds: 1, text, words: [] }] }
  const vtt = writeCaptions.vtt.write(hostile)
  assert.ok(!/<script/i.test(vtt))
  for (const format of ['vtt', 'srt'] as const) assert.equal(read(writeCaptions[format].write(hostile)).cues.length, 1)
})

test('plain text has a line for each segment', () => {
  assert.equal(writeCaptions.txt.write(transcript), `${texts.join('\n')}\n`)
})
