import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { createProbe } from '../../server/probe/index.ts'
import { mediaFile, skip } from '../ffmpeg/films.ts'

// Sniffing never runs ffmpeg, so no thread of it starts.
const { sniff } = createProbe({ ffmpeg: createFfmpeg({ threads: 1 }), limits: { maxDurationSeconds: 1 } })
const bytes = (text: string) => new TextEncoder().encode(text)
const head = (file: string, length = 4096) => readFileSync(mediaFile(file)).subarray(0, length)

const films: [string, string][] = [
  ['video/googlework_tiny.mp4', 'video/mp4'],
  ['video/chrome_ad_vp8.webm', 'video/webm'],
  ['video/chrome_ad_theora.ogv', 'video/ogg'],
  ['odd/annexb_no_duration.mkv', 'video/matroska'],
  ['odd/androidx/ts/bbb_2500ms.ts', 'video/mp2t'],
  ['odd/mp3_with_cover_art.mp3', 'audio/mpeg'],
  ['odd/androidx/ogg/bear.opus', 'audio/ogg'],
]
for (const [file, contentType] of films) {
  test(`${file} is ${contentType}, whatever it is called`, { skip }, async () => {
    assert.deepEqual(await sniff(head(file), 'report.pdf'), { contentType })
  })
}

test('a transport stream that begins in the middle of a packet is known', { skip }, async () => {
  assert.deepEqual(await sniff(head('odd/androidx/ts/bbb_2500ms.ts').subarray(77), 'a.ts'), {
    contentType: 'video/mp2t',
  })
})

const refused: [string, Uint8Array, RegExp][] = [
  ['nothing', bytes(''), /an empty file/],
  ['HTML', bytes('\n<!DOCTYPE html><title>x</title>'), /an HTML page/],
  ['a playlist', bytes('#EXTM3U\n/etc/passwd\n'), /an HLS playlist/],
  ['a concat list', bytes('ffconcat version 1.0\nfile x'), /an ffmpeg playlist/],
  ['a PDF', bytes('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n'), /a PDF document/],
  ['a text', bytes('Dear all,\nplease find the film.\n'), /a text file/],
  ['an SVG picture', bytes('<svg xmlns="http://www.w3.org/2000/svg"></svg>'), /XML|SVG|svg/],
  ['a shell script', bytes('#!/bin/sh\nrm -rf /\n'), /a text file/],
  [
    'noise',
    new Uint8Array(4096).map((_, index) => (index * index * 31 + 7) % 251),
    /unknown kind \(whatever its name, film\.mp4, says\)/,
  ],
  ['a single byte', new Uint8Array([0]), /unknown kind/],
]
for (const [what, start, message] of refused) {
  test(`${what} named film.mp4 is refused for what it is`, async () => {
    await assert.rejects(sniff(start, 'film.mp4'), { code: 'upload.unsupported_media', message })
  })
}

test('a long name is shortened in the refusal', async () => {
  await assert.rejects(
    sniff(new Uint8Array([0, 1, 2, 3]), 'x'.repeat(5000)),
    (fault: Error) => fault.message.length < 300,
  )
})
