import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findScenes } from '../../server/detections/find-scenes.ts'
import { scenePart } from '../../server/detections/scene-part.ts'
import { createFfmpeg, everyFrame, readFrames } from '../../server/media/index.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { sourceOf } from '../renditions/source-of.ts'

const ffmpeg = createFfmpeg({ threads: 1, niceness: 0 })
after(() => ffmpeg.stop())

/** Where the scenes of a film begin, beside its beginning. */
async function cutsOf(path: string): Promise<number[]> {
  const { record } = await sourceOf(ffmpeg, path)
  const reading = { ffmpeg, path, videoStream: record.videoStream ?? 0, decode: everyFrame, parts: [scenePart] }
  const scenes = findScenes(await readFrames(reading, { timeoutSeconds: 60 }), record.video)
  assert.deepEqual([scenes[0]?.startSeconds, scenes.at(-1)?.endSeconds], [0, record.video.durationSeconds])
  scenes.slice(1).forEach(({ startSeconds }, at) => {
    assert.equal(startSeconds, scenes[at]?.endSeconds)
  })
  return scenes.slice(1).map(({ startSeconds }) => startSeconds)
}

function assertNear(found: readonly number[], expected: readonly number[], tolerance: number): void {
  const near =
    found.length === expected.length && found.every((at, n) => Math.abs(at - (expected[n] ?? -9)) <= tolerance)
  assert.ok(near, `found ${found.map(at => at.toFixed(3))}, not ${expected}`)
}

const source = (graph: string) => ['-f', 'lavfi', '-i', graph]
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const [size, rate] = ['s=320x180', 'r=25']
/** Three pictures that have nothing in common, joined at 2 s and 4.2 s; `last` changes the third one. */
const joined = (last = 'null') => [
  ...source(`mandelbrot=${size}:${rate}`),
  ...source(`testsrc2=${size}:${rate},noise=alls=20:allf=t`),
  ...source(`smptebars=${size}:${rate},${last}`),
  '-filter_complex',
  '[0]trim=0:2,setsar=1,format=yuv420p[a];[1]trim=0:2.2,setsar=1,format=yuv420p[b];[2]trim=0:2,setsar=1,format=yuv420p[c];[a][b][c]concat=n=3',
]

test('cuts are found on their very frame, long after the last keyframe too', async () => {
  using work = scratch()
  assertNear(await cutsOf(film(work.file('f.mp4'), ...joined(), ...x264, '-g', '1000')), [2, 4.2], 0.001)
})

test('a flash of one frame, or of two, is no cut', async () => {
  using work = scratch()
  const flashes = "drawbox=t=fill:color=white:enable='eq(n,15)+eq(n,30)+eq(n,31)'"
  assertNear(await cutsOf(film(work.file('f.mp4'), ...joined(flashes), ...x264)), [2, 4.2], 0.001)
})

test('neither noise, nor a slow pan, nor a slow change of the light is a cut', async () => {
  using work = scratch()
  const still = `testsrc2=s=1280x720:${rate}:d=6,trim=end_frame=1,loop=150:1,crop=320:180:x='n*4':y=80`
  const moving = source(`${still},noise=alls=40:allf=t,eq=brightness='0.3*sin(n/30)':eval=frame`)
  assertNear(await cutsOf(film(work.file('f.mp4'), ...moving, '-t', '6', ...x264)), [], 0)
})

test('a fade through black is one boundary, where the picture comes back', async () => {
  using work = scratch()
  const out = [...source(`testsrc2=${size}:${rate}:d=3,fade=out:st=2:d=1`)]
  const into = [...source(`smptebars=${size}:${rate}:d=3,fade=in:st=0.5:d=1`)]
  const joint = ['-filter_complex', '[0]setsar=1,format=yuv420p[a];[1]setsar=1,format=yuv420p[b];[a][b]concat=n=2']
  assertNear(await cutsOf(film(work.file('f.mp4'), ...out, ...into, ...joint, ...x264)), [3.55], 0.1)
})

test('in a film of varying frame rate the times are those of the frames', async () => {
  using work = scratch()
  // Every other frame goes between 1 and 3 seconds.
  const sparse = [
    '-filter_complex',
    `[0]trim=0:2,setsar=1,format=yuv420p[a];[1]trim=0:3,setsar=1,format=yuv420p[b];[a][b]concat=n=2,select='not(between(t,1,3)*mod(n,2))'`,
  ]
  const two = [...source(`mandelbrot=${size}:${rate}`), ...source(`testsrc2=${size}:${rate}`)]
  assertNear(await cutsOf(film(work.file('f.mkv'), ...two, ...sparse, '-fps_mode', 'vfr', ...x264)), [2], 0.041)
})

test('cuts that follow each other too fast for a scene count once', () => {
  const at = (key: string, frame: number, value: string) => ({ key, value, frame, atSeconds: frame / 25 })
  const cut = (frame: number, score: number) => [
    at('lavfi.scd.time', frame - 2, ''),
    at('lavfi.scd.score', frame, String(score)),
  ]
  const printed = [...cut(100, 20), ...cut(105, 60), ...cut(110, 30), ...cut(200, 12), ...cut(248, 90)]
  const scenes = findScenes(printed, { durationSeconds: 10, frameRate: 25 })
  const short = scenes.map(({ startSeconds, score }) => [startSeconds, score])
  assert.deepEqual(short, [
    [0, 0],
    [4.2, 0.6],
    [8, 0.12],
  ])
})

test('real films: the cuts that one sees, and none in a single take', { skip }, async () => {
  const expected: [string, number[]][] = [
    ['video/chrome_ad_vp8.webm', [7.44, 9.34, 10.54, 13.15, 16.15, 21.19]],
    ['video/pyscenedetect_testvideo.mp4', [7.14, 13.28]],
    ['video/big_buck_bunny_0_30.webm', [11.78, 15.66, 22.95]],
    ['video/chaplin.mp4', []],
    ['video/intel_car-detection.mp4', []],
  ]
  for (const [file, cuts] of expected) assertNear(await cutsOf(mediaFile(file)), cuts, 0.1)
})
