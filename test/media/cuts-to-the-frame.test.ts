import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { copySpan, createFfmpeg, cutSpan } from '../../server/media/index.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { framesOf, type ShownFrame, soundsOf } from './frames-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())

/** The film's own frames that are shown from one second to another, by the same rule that a player has. */
function shown(frames: readonly ShownFrame[], from: number, to: number) {
  const first = frames.findLastIndex(({ atSeconds }) => atSeconds <= from + 0.002)
  const end = frames.findIndex(({ atSeconds }) => atSeconds >= to - 0.002)
  return frames.slice(first, end < 0 ? undefined : end)
}

const cutOf = async (path: string, startSeconds: number, endSeconds: number) => {
  const { formatName: container, streams } = await ffmpeg.probe(path)
  const frameRate = streams.find(({ kind }) => kind === 'video')?.frameRate ?? null
  return cutSpan({ startSeconds, endSeconds }, { frameRate, container })
}

const files = [
  'video/sintel_5s.mp4', // H.264 with frames out of order, 24 a second
  'odd/hevc_burnt_in_frame_numbers.mp4',
  'odd/frame_counter_10fps.mp4',
  'video/intel_asl_again.mkv', // times in whole milliseconds
  'video/big_buck_bunny_0_30.webm',
  'odd/androidx/ts/bbb_2500ms.ts', // does not begin at 0
]
for (const file of files) {
  test(`a span of ${file} begins with the frame that is shown at its start, and has all that are shown in it`, {
    skip,
  }, async () => {
    const path = mediaFile(file)
    const all = await framesOf(ffmpeg, path)
    const origin = all[0]?.atSeconds ?? 0
    const near = all[Math.floor(all.length / 3)]?.atSeconds ?? 0
    const next = all[Math.floor(all.length / 3) + 1]?.atSeconds ?? 0
    // The very time of a frame, the same as people round it, and between two frames.
    for (const from of [0, near, Number(near.toFixed(3)), near + (next - near) * 0.6]) {
      const to = from + 0.5
      const { input, picture } = await cutOf(path, from, to)
      const cut = await framesOf(ffmpeg, path, { input, filter: picture })
      const wanted = shown(all, Math.max(from, origin), to)
      assert.deepEqual(
        cut.map(({ digest }) => digest),
        wanted.map(({ digest }) => digest),
        `from ${from}`,
      )
      for (const [place, { atSeconds }] of cut.entries())
        assert.ok(Math.abs(atSeconds - Math.max(0, (wanted[place]?.atSeconds ?? 0) - from)) < 0.002, `frame ${place}`)
    }
  })
}

/** Each second begins with a white frame and a beep of a tenth. */
const clapper = (path: string, ...how: string[]) =>
  film(
    path,
    ...['-f', 'lavfi', '-i', "color=black:s=160x90:r=25:d=6,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.03)'"],
    ...['-f', 'lavfi', '-i', 'aevalsrc=if(lt(mod(t\\,1)\\,0.1)\\,sin(2*PI*1000*t)\\,0):d=6:s=48000'],
    ...['-c:v', 'libx264', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', ...how],
  )

test('what is heard stays with what is seen', async () => {
  using work = scratch()
  const path = clapper(work.file('clapper.mp4'))
  for (const from of [1.92, 1.93]) {
    const { input, sound } = await cutOf(path, from, from + 2)
    const sounds = await soundsOf(ffmpeg, path, { input, filter: sound })
    const begins = sounds.map(({ from: at }) => Math.round(at * 100) / 100)
    assert.equal(begins.length, 2)
    for (const [place, at] of begins.entries())
      assert.ok(Math.abs(at - (2 + place - from)) <= 0.02, `${from}: ${begins}`)
  }
})

test('sound that begins later than the span has silence before it', async () => {
  using work = scratch()
  const path = film(
    work.file('late.mp4'),
    ...['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=4', '-itsoffset', '1.5', '-f', 'lavfi', '-i', 'sine=d=2.5'],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  )
  const { input, sound } = await cutOf(path, 1, 3)
  const [first] = await soundsOf(ffmpeg, path, { input, filter: sound })
  assert.ok(Math.abs((first?.from ?? 0) - 0.5) < 0.04, `${first?.from}`)
})

test('a copied span begins with the keyframe before its start', async () => {
  using work = scratch()
  const path = clapper(work.file('clapper.mp4'), '-bf', '2')
  for (const [startSeconds, keyframeSeconds] of [
    [3.3, 2],
    [2, 2],
    [1.99, 0],
  ] as const) {
    const { input, output } = copySpan({ startSeconds, endSeconds: 5 })
    const copy = work.file('copy.mp4')
    const outputs = [{ path: copy, options: ['-map', '0:v', '-map', '0:a', ...output, '-f', 'mp4'] }]
    await ffmpeg.run({ inputs: [{ path, options: input }], outputs }, { timeoutSeconds: 20 })
    const [whole, copied] = [await framesOf(ffmpeg, path), await framesOf(ffmpeg, copy)]
    const first = whole.findIndex(({ atSeconds }) => atSeconds >= keyframeSeconds)
    const digests = whole.slice(first, first + copied.length).map(({ digest }) => digest)
    assert.deepEqual(
      copied.map(({ digest }) => digest),
      digests,
    )
    const seconds = copied.length / 25
    assert.ok(seconds >= 5 - keyframeSeconds && seconds < 5.2 - keyframeSeconds, `${seconds} s`)
    const beep = (await soundsOf(ffmpeg, copy))[0]?.from ?? -1
    assert.ok(Math.abs(beep - (copied[0]?.atSeconds ?? 0)) < 0.06, `the beep of the first frame is at ${beep}`)
  }
})
