import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { makeAudio } from '../../server/renditions/make-audio.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { sourceOf } from './source-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())

const headerBytes = 44
const samplesPerSecond = 16_000

/** The sound of a film as numbers, and what makeAudio says its duration is. */
async function soundOf(path: string) {
  using work = scratch()
  const durationSeconds = await makeAudio(await sourceOf(ffmpeg, path), work.file('sound'))
  const bytes = readFileSync(work.file('sound'))
  const data = bytes.indexOf('data') + 8
  const samples = new Int16Array(new Uint8Array(bytes.subarray(data)).buffer)
  return { durationSeconds, header: bytes.subarray(0, headerBytes), samples }
}

/** When the first loud sample comes, in seconds. */
const firstLoud = (samples: Int16Array): number =>
  samples.findIndex(sample => Math.abs(sample) > 1000) / samplesPerSecond

test('the sound is 16 kHz, mono, 16 bit', { skip }, async () => {
  const { header, samples, durationSeconds } = await soundOf(mediaFile('video/googlework_tiny.mp4'))
  assert.equal(header.toString('latin1', 0, 4) + header.toString('latin1', 8, 12), 'RIFFWAVE')
  const [format, channels, rate, bits] = [
    header.readUInt16LE(20),
    header.readUInt16LE(22),
    header.readUInt32LE(24),
    header.readUInt16LE(34),
  ]
  assert.deepEqual([format, channels, rate, bits], [1, 1, 16_000, 16])
  assert.ok(Math.abs(samples.length / samplesPerSecond - durationSeconds) < 0.05)
})

test('sound that starts late keeps its place in the film', async () => {
  using work = scratch()
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=duration=4:rate=25']
  const beep = ['-itsoffset', '1.5', '-f', 'lavfi', '-i', 'sine=frequency=800:duration=2']
  for (const name of ['late.mkv', 'late.mp4', 'late.ts']) {
    const path = film(work.file(name), ...picture, ...beep, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac')
    const { samples } = await soundOf(path)
    const at = firstLoud(samples)
    assert.ok(Math.abs(at - 1.5) < 0.06, `${name}: ${at} s`)
  }
})

test('only the chosen sound is taken, and covers do no harm', { skip }, async () => {
  for (const file of [
    'odd/two_aac_tracks_audio_only.mp4',
    'odd/mp3_with_cover_art.mp3',
    'odd/malformed_join.mp3',
    'odd/androidx/ogg/bear.opus',
  ]) {
    const { durationSeconds } = await soundOf(mediaFile(file))
    const expected = (await sourceOf(ffmpeg, mediaFile(file))).record.video.durationSeconds
    assert.ok(Math.abs(durationSeconds - expected) < 0.2, `${file}: ${durationSeconds} s of ${expected} s`)
  }
})
