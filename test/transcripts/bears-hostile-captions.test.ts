import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCaptions } from '../../server/transcripts/formats/parse-captions.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const header = 'WEBVTT\n\n00:01.000 --> 00:02.000\n'
const mebi = 1024 * 1024

/** What once made parsers of this kind run for minutes. */
const slow: Record<string, string> = {
  'a megabyte of opening brackets': header + '<'.repeat(mebi),
  'a megabyte of opening brackets and letters': header + '<v '.repeat(mebi / 4),
  'a megabyte of ampersands': header + '&#'.repeat(mebi / 2),
  'a megabyte of blanks': header + ' '.repeat(mebi),
  'a megabyte of braces': `1\n00:00:01,000 --> 00:00:02,000\n${'{\\'.repeat(mebi / 2)}`,
  'a megabyte of arrows': '-->'.repeat(mebi / 3),
  'a megabyte of arrows, each on its line': `${header}${'-->\n'.repeat(mebi / 4)}`,
  'a time a megabyte long': `WEBVTT\n\n${'1'.repeat(mebi)}:00.000 --> 00:02.000\nx`,
  'a cue of a million lines': header + 'a\n'.repeat(mebi / 2),
  'a hundred thousand cues': `WEBVTT\n\n${Array.from({ length: 100_000 }, (_, at) => `00:${String(at % 60).padStart(2, '0')}.000 --> 01:00.000\nx${at}\n`).join('\n')}`,
}

/** Of the processor: others on the machine only add to what a clock would say. */
function secondsToParse(text: string): number {
  const before = process.cpuUsage()
  try {
    parseCaptions(bytesOf(text))
  } catch (fault) {
    assert.equal((fault as { code?: string }).code, 'upload.unsupported_captions')
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

for (const [name, text] of Object.entries(slow)) {
  // What grows with the square of its length would not end in time.
  test(`${name} come to an end`, { timeout: 60_000 }, t => {
    t.diagnostic(`${secondsToParse(text).toFixed(2)} s of a processor`)
  })
}

test('captions larger than 16 MB are refused', () => {
  assert.throws(() => parseCaptions(new Uint8Array(16 * mebi + 1)), { code: 'upload.unsupported_captions' })
})

test('random bytes are refused', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 2654435761) >>> 13)
  assert.throws(() => parseCaptions(bytes), { code: 'upload.unsupported_captions' })
})

test('script tags are no text, whatever their case', () => {
  const [cue] = parseCaptions(
    bytesOf(`${header}Hello <ScRiPt src="x">alert(1)</script> <img src=x onerror=alert(1)>there`),
  )
  assert.equal(cue?.lines.join(' '), 'Hello alert(1) there')
})

test('what looks like a tag after decoding stays text and is not decoded twice', () => {
  const [cue] = parseCaptions(bytesOf(`${header}&lt;b&gt; &amp;lt; &#60;i&#62; &bogus; &#0; &#x110000; 1 < 2`))
  assert.equal(cue?.lines.join(' '), '<b> &lt; <i> &bogus; 1 < 2')
})
