import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { makeAudio } from '../../server/renditions/make-audio.ts'
import { makeWaveform } from '../../server/renditions/make-waveform.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { sourceOf } from './source-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())

async function waveformOf(path: string) {
  using work = scratch()
  const source = await sourceOf(ffmpeg, path)
  const durationSeconds = await makeAudio(source, work.file('sound'))
  return { durationSeconds, ...(await makeWaveform(work.file('sound'), source.signal)) }
}
const half = "aevalsrc='0.5*sin(2*PI*440*t)*gte(mod(t,20),10)'"

for (const seconds of [0.5, 40, 3600]) {
  test(`${seconds} seconds have 1,000 to 2,000 peaks that follow the sound`, async () => {
    using work = scratch()
    const sound = ['-f', 'lavfi', '-i', `${half}:s=16000:d=${seconds}`, '-c:a', 'pcm_s16le']
    const { peaks, secondsPerPeak, durationSeconds } = await waveformOf(film(work.file('s.wav'), ...sound))
    assert.ok(peaks.length >= 1000 && peaks.length <= 2000, `${peaks.length} peaks`)
    assert.ok(Math.abs(peaks.length * secondsPerPeak - durationSeconds) < 0.005 + secondsPerPeak)
    peaks.forEach((peak, at) => {
      const [from, to] = [(at * secondsPerPeak) % 20, ((at + 1) * secondsPerPeak) % 20]
      if (to < 9.9 && to > from) assert.equal(peak, 0, `peak ${at}`)
      if (from > 10.1 && to > from) assert.ok(Math.abs(peak - 0.5) < 0.01, `peak ${at} is ${peak}`)
    })
  })
}

test('speech has pauses and full scale stays within 1', { skip }, async () => {
  const { peaks } = await waveformOf(mediaFile('speech/leopard_en.wav'))
  assert.ok(Math.max(...peaks) > 0.1 && Math.min(...peaks) < 0.02)
  assert.ok(peaks.every(peak => peak >= 0 && peak <= 1))
})
