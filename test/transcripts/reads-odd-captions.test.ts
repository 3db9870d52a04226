import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseCaptions, readCaptions } from '../../server/transcripts/formats/parse-captions.ts'

const media = process.env.RUSHES_MEDIA
const skip = media === undefined && 'RUSHES_MEDIA is not set'
const read = (name: string) => readFile(join(media ?? '', 'files/subtitles', name))
const first = 'This is the first subtitle.'

/** How many cues, the first one's text, the last one's text and end. */
const expected: Record<string, [count: number, first: string, last: string, end: number]> = {
  'androidx/subrip/typical': [3, first, 'This is the third subtitle.', 7208.901],
  'androidx/subrip/typical_bad_timestamps': [1, first, first, 1.234],
  'androidx/subrip/typical_extra_blank_line': [3, first, 'This is the third subtitle.', 7208.901],
  'androidx/subrip/typical_missing_sequence': [3, first, 'This is the third subtitle.', 7208.901],
  'androidx/subrip/typical_missing_timecode': [2, first, 'This is the third subtitle.', 7208.901],
  'androidx/subrip/typical_negative_timestamps': [
    1,
    'This is the third subtitle.',
    'This is the third subtitle.',
    7208.901,
  ],
  'androidx/subrip/typical_no_hours_and_millis': [3, first, 'This is the third subtitle.', 7208.901],
  'androidx/subrip/typical_unexpected_end': [
    2,
    first,
    'This is the second subtitle. Second subtitle with second line.',
    3.456,
  ],
  'androidx/subrip/typical_utf16be': [3, first, 'This is the third subtitle.', 7208.901],
  'androidx/subrip/typical_utf16le': [3, first, 'This is the third subtitle.', 7208.901],
  'androidx/subrip/typical_with_byte_order_mark': [3, first, 'This is the third subtitle.', 7208.901],
  'androidx/subrip/typical_with_tags': [14, first, 'This is a line.', 24.901],
  'androidx/webvtt/typical': [2, first, 'This is the second subtitle.', 3.456],
  'androidx/webvtt/typical_with_bad_timestamps': [1, first, first, 1.234],
  'androidx/webvtt/typical_with_comments': [2, first, 'This is the second subtitle.', 3.456],
  'androidx/webvtt/typical_with_identifiers': [2, first, 'This is the second subtitle.', 3.456],
  'androidx/webvtt/with_bad_cue_header': [2, first, 'This is the third subtitle.', 5],
  'androidx/webvtt/with_bom': [2, first, 'This is the second subtitle.', 3.456],
  'androidx/webvtt/with_consecutive_cues': [2, first, 'This is the second subtitle.', 3.456],
  'androidx/webvtt/with_css_styles': [4, first, "You are an idiot You don't have the guts", 28],
  'androidx/webvtt/with_rubies': [4, 'Some text with over-ruby.', 'Some text with no ruby text.', 8],
  'androidx/webvtt/with_tags': [4, first, 'This is the <fourth> &subtitle.', 7],
  'androidx/webvtt/with_wide_unicode_chars_and_cr_endings': [1, '😛 😛', '😛 😛', 1.234],
  'moviepy_subtitles.srt': [5, 'Red!', 'More Blue!', 10],
  'moviepy_subtitles-unicode.srt': [1, 'ÁÉíöÙ', 'ÁÉíöÙ', 5],
  'developerStories-subtitles-en.vtt': [
    22,
    'The Web is always changing',
    'Change is important to the Web. Help us keep changing it together',
    64,
  ],
  'itaccess_subtitles_zh-cn.vtt': [76, '我们一直坚信每个人都应该有机会获得高等教育', '学习从不会为时已晚', 357.14],
}

for (const [name, [count, firstText, lastText, end]] of Object.entries(expected)) {
  test(`${name} is read`, { skip }, async () => {
    const cues = parseCaptions(await read(name))
    const last = cues.at(-1)
    assert.deepEqual(
      [cues.length, cues[0]?.lines.join(' '), last?.lines.join(' '), last?.endSeconds],
      [count, firstText, lastText, end],
    )
  })
}

for (const name of [
  'androidx/subrip/empty',
  'androidx/webvtt/empty',
  'androidx/ssa/typical',
  'androidx/ssa/typical_utf16le',
]) {
  test(`${name} is refused as neither WebVTT nor SubRip`, { skip }, async () => {
    const bytes = await read(name)
    assert.throws(() => parseCaptions(bytes), { code: 'upload.unsupported_captions' })
  })
}

test('the language and the voice are kept', { skip }, async () => {
  assert.equal(readCaptions(await read('blocks4all_captions_en.vtt')).language, 'en')
  assert.equal(parseCaptions(await read('deadline_captions_en.vtt'))[0]?.speaker, 'Project')
})

const vtt = (...cues: string[]) => new TextEncoder().encode(`WEBVTT\n\n${cues.join('\n\n')}\n`)
const texts = (bytes: Uint8Array) => parseCaptions(bytes).map(cue => cue.lines.join(' '))

test('captions without a byte order mark that are no UTF-8 are read as Windows-1252', () => {
  assert.deepEqual(texts(Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nCaf\xe9 \x93na\xefve\x94\n', 'latin1')), [
    'Café “naïve”',
  ])
})

test('UTF-16 is known without its byte order mark', () => {
  assert.deepEqual(texts(Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nHello\n', 'utf16le')), ['Hello'])
})

test('captions that roll say each line once', () => {
  const rolling = vtt(
    '00:01.000 --> 00:02.000\nso we went',
    '00:02.000 --> 00:02.010\nso we went',
    '00:02.010 --> 00:04.000\nso we went\nto the sea',
    '00:04.000 --> 00:06.000\nto the sea\nand swam',
  )
  assert.deepEqual(texts(rolling), ['so we went', 'to the sea', 'and swam'])
})

test('the same words said again later are kept', () => {
  assert.deepEqual(texts(vtt('00:01.000 --> 00:02.000\nNo.', '00:03.000 --> 00:04.000\nNo.')), ['No.', 'No.'])
})

test('cues are put in order of time, empty ones are dropped', () => {
  assert.deepEqual(
    texts(vtt('00:05.000 --> 00:06.000\nlate', '00:03.000 --> 00:04.000\n<i> </i>', '00:01.000 --> 00:02.000\nsoon')),
    ['soon', 'late'],
  )
})
