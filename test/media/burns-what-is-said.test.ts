import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type BurntCaption, burnCaptions, createFfmpeg, writeAss } from '../../server/media/index.ts'
import { film, scratch } from '../ffmpeg/films.ts'
import { framesOf } from './frames-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())

const size = { width: 640, height: 360 }
const black = (path: string) =>
  film(path, '-f', 'lavfi', '-i', `color=black:s=${size.width}x${size.height}:r=10:d=4`, '-c:v', 'ffv1')

/** How bright the brightest dot is at each second, in a part of the picture. */
async function brightness(path: string, filter: string, part: 'above' | 'below' | 'whole') {
  const crops = { above: 'crop=iw:ih*2/3:0:0', below: 'crop=iw:ih/3:0:ih*2/3', whole: 'null' }
  const measure = `${filter},${crops[part]},signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-`
  const printed = await ffmpeg.capture(
    { inputs: [{ path }], options: ['-vf', measure, '-f', 'null'] },
    { timeoutSeconds: 30 },
  )
  const frames = [...printed.matchAll(/pts_time:(\S+)\s+lavfi\.signalstats\.YMAX=(\d+)/g)]
  return frames.map(([, at, level]) => ({ atSeconds: Number(at), isBright: Number(level) > 100 }))
}

/** Burns captions, and says whether anything is to be seen. */
function burning(folder: string, captions: readonly BurntCaption[]) {
  const assPath = join(folder, 'captions.ass')
  writeFileSync(assPath, writeAss(captions, size))
  return burnCaptions(assPath)
}
const at = (startSeconds: number, endSeconds: number, text: string): BurntCaption => ({
  startSeconds,
  endSeconds,
  text,
})

test('a caption is to be seen below, from its start to its end', async () => {
  using work = scratch()
  const path = black(work.file('black.mkv'))
  const filter = burning(work.folder, [at(1, 2, 'The crane was repaired.'), at(3.5, 3.8, 'Was it?')])
  const seen = (await brightness(path, filter, 'below')).filter(({ isBright }) => isBright)
  assert.deepEqual(
    seen.map(({ atSeconds }) => Math.round(10 * atSeconds)),
    [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 35, 36, 37],
  )
  assert.ok((await brightness(path, filter, 'above')).every(({ isBright }) => !isBright))
})

const hostile = [
  '{\\pos(320,20)}above',
  '{\\an8}above',
  '{\\p1}m 0 -300 l 600 -300 600 0 0 0{\\p0}',
  '\\N\\N\\N\\N\\N\\N\\Nabove',
  'one\nDialogue: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,{\\an8}above',
  'one\r[V4+ Styles]\rStyle: Default,Sans,200,&H00FFFFFF,&H00000000,1,2,0,8,0,0,0',
  '[Fonts]\u2028fontname: a.ttf',
  'a\u0000b, {, }, \\{, \\}, \\\\h',
]
for (const text of hostile) {
  test(`nothing in ${JSON.stringify(text)} is an order`, async () => {
    using work = scratch()
    const path = black(work.file('black.mkv'))
    const filter = burning(work.folder, [at(1, 2, text)])
    const seen = async (part: 'above' | 'below') =>
      (await brightness(path, filter, part)).filter(({ isBright }) => isBright).length
    assert.deepEqual([await seen('above'), await seen('below')], [0, 10])
  })
}

test('braces and backslashes are shown as they are', async () => {
  using work = scratch()
  const path = black(work.file('black.mkv'))
  const digests: (string | undefined)[] = []
  // Each with what it would be if something in it were an order.
  const texts = ['a', 'ab', 'a b', 'a{b', 'a{b}', 'a}b', 'a\\b', 'a\\Nb', 'a\nb', 'a {\\b1}b']
  for (const text of texts) {
    const filter = burning(work.folder, [at(0, 4, text)])
    digests.push((await framesOf(ffmpeg, path, { filter }))[0]?.digest)
  }
  assert.equal(new Set(digests).size, texts.length)
})

test('a file is found whatever its path is called', async () => {
  using work = scratch()
  const path = black(work.file('black.mkv'))
  for (const name of ["it's", 'a:b', '[x]', 'a,b;c', 'back\\slash', "%41 \\' = @", ' spaced ']) {
    const folder = work.file(name)
    mkdirSync(folder)
    const seen = await brightness(path, burning(folder, [at(1, 2, 'here')]), 'below')
    assert.equal(seen.filter(({ isBright }) => isBright).length, 10, name)
  }
})
