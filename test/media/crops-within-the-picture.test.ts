import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Box, createFfmpeg, cropTo, type Size } from '../../server/media/index.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { framesOf } from './frames-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())

const partsOf = ({ filter }: { filter: string }) => filter.replace('crop=', '').split(':').map(Number)

test('what is asked for is kept, on even places', () => {
  const size = { width: 640, height: 360 }
  assert.deepEqual(cropTo({ x: 0.25, y: 0.1, width: 0.5, height: 0.5 }, size), {
    filter: 'crop=320:180:160:36',
    size: { width: 320, height: 180 },
  })
  assert.deepEqual(cropTo({ x: 0, y: 0, width: 1, height: 1 }, size).size, size)
})

test('whatever is asked for, of whatever picture, has even sides and lies within it', () => {
  const fractions = [-1, -0.001, 0, 0.013, 0.5, 0.999, 1, 7]
  const sides = [2, 3, 17, 360, 1081]
  for (const width of sides)
    for (const height of sides)
      for (const at of fractions)
        for (const length of fractions) {
          const box: Box = { x: at, y: length, width: length, height: at }
          const cropped = cropTo(box, { width, height })
          const [w = 0, h = 0, x = 0, y = 0] = partsOf(cropped)
          const told = `${JSON.stringify(box)} of ${width}×${height}: ${cropped.filter}`
          assert.ok(
            [w, h, x, y].every(side => side % 2 === 0 && side >= 0),
            told,
          )
          assert.ok(w >= 2 && h >= 2 && x + w <= width && y + h <= height, told)
        }
})

test('ffmpeg cuts that part out', async () => {
  using work = scratch()
  // White in the lower right quarter, black elsewhere.
  const picture = 'color=black:s=321x181:r=5:d=1,drawbox=x=iw/2:y=ih/2:w=iw/2+1:h=ih/2+1:color=white:t=fill'
  const path = film(work.file('quarter.mkv'), '-f', 'lavfi', '-i', picture, '-c:v', 'ffv1', '-pix_fmt', 'yuv444p')
  const size: Size = { width: 321, height: 181 }
  const plain = async (box: Box) => {
    const { filter, size: cropped } = cropTo(box, size)
    const range = `${filter},scale=${cropped.width}:${cropped.height},format=gray,signalstats,metadata=print:file=-`
    const options = ['-vf', range, '-frames:v', '1', '-f', 'null']
    const printed = await ffmpeg.capture({ inputs: [{ path }], options }, { timeoutSeconds: 20 })
    return [/YMIN=(\d+)/, /YMAX=(\d+)/].map(value => Number(value.exec(printed)?.[1]))
  }
  const [darkest = 0] = await plain({ x: 0.55, y: 0.55, width: 0.45, height: 0.45 })
  assert.ok(darkest > 200, `${darkest}`)
  const [, brightest = 255] = await plain({ x: 0, y: 0, width: 0.45, height: 1 })
  assert.ok(brightest < 50, `${brightest}`)
})

test('of a film that is shown upright, the part is the one that is seen', { skip }, async () => {
  const path = mediaFile('odd/androidx/mp4/internal_emulator_transformer_output_270_rotated.mp4')
  const [stream] = (await ffmpeg.probe(path)).streams.filter(({ kind }) => kind === 'video')
  const size = { width: stream?.height ?? 0, height: stream?.width ?? 0 }
  const { filter } = cropTo({ x: 0, y: 0, width: 1, height: 1 }, size)
  // It fails when the picture is smaller than the part.
  const [first] = await framesOf(ffmpeg, path, { filter })
  assert.ok(first)
})
