import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { after, test } from 'node:test'
import { scenePart } from '../../server/detections/scene-part.ts'
import { createFfmpeg, everyFrame, type Ffmpeg, type FramePart, readFrames } from '../../server/media/index.ts'
import { makeStoryboard } from '../../server/renditions/make-storyboard.ts'
import { scratch } from '../ffmpeg/films.ts'
import { sourceOf } from '../renditions/source-of.ts'
import { cutFilm } from './cut-film.ts'

const ffmpeg = createFfmpeg({ threads: 1, niceness: 0 })
after(() => ffmpeg.stop())

/** Notes what stands before the input of each run. */
function watched(): { ffmpeg: Ffmpeg; decodes: string[] } {
  const decodes: string[] = []
  const capture: Ffmpeg['capture'] = (printing, supervision) => {
    decodes.push((printing.inputs[0]?.options ?? []).join(' '))
    return ffmpeg.capture(printing, supervision)
  }
  return { ffmpeg: { ...ffmpeg, capture }, decodes }
}

test('where the storyboard has to decode every frame, scenes are found in the same run', async () => {
  using work = scratch()
  const { ffmpeg: tool, decodes } = watched()
  const source = { ...(await sourceOf(ffmpeg, cutFilm(work.file('f.mp4'), '-g', '1000'))), ffmpeg: tool }
  const cuts: number[] = []
  const tiles = await makeStoryboard(source, work.file('sheet'), {
    parts: () => [scenePart],
    async keep(_record, printed) {
      cuts.push(...printed.filter(({ key }) => key === 'lavfi.scd.time').map(({ frame }) => frame + 2))
    },
  })
  assert.deepEqual([tiles?.length, cuts], [7, [50, 105]])
  assert.deepEqual(decodes, ['-skip_frame nokey', '-skip_loop_filter all'])
})

test('parts that print and parts that write share a run, and do not disturb each other', async () => {
  using work = scratch()
  const { ffmpeg: tool, decodes } = watched()
  const path = cutFilm(work.file('f.mp4'))
  const { record } = await sourceOf(ffmpeg, path)
  // As a detector would want them: two frames a second, of one size, as raw bytes.
  const raw = work.file('frames')
  const frames: FramePart = {
    graph: 'fps=2,scale=64:36,format=gray',
    writes: { path: raw, options: ['-fps_mode', 'passthrough', '-c:v', 'rawvideo', '-f', 'rawvideo'] },
  }
  // One picture, and this part is done before the others.
  const first = work.file('first.jpg')
  const picture: FramePart = {
    graph: 'scale=64:36',
    writes: { path: first, options: ['-frames:v', '1', '-f', 'mjpeg'] },
  }
  const reading = { ffmpeg: tool, path, videoStream: record.videoStream ?? 0, decode: everyFrame }
  const printed = await readFrames({ ...reading, parts: [picture, scenePart, frames] }, { timeoutSeconds: 60 })
  assert.equal(printed.filter(({ key }) => key === 'lavfi.scd.time').length, 2)
  assert.ok(existsSync(first))
  const { size } = statSync(raw)
  assert.ok(Math.abs(size / (64 * 36) - 12.4) < 1, `${size / (64 * 36)} frames`)
  assert.equal(decodes.length, 1)
})
