import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  createFfmpeg,
  type JoinedPart,
  joinedPicture,
  joinedSeconds,
  joinedSound,
  joinFilms,
} from '../../server/media/index.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { framesOf, soundsOf } from './frames-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())

const common = { size: { width: 320, height: 240 }, frameRate: 30 }

/** Parts of a real film or a made one, by what ffprobe says of them. */
async function partOf(path: string): Promise<JoinedPart> {
  const { streams, durationSeconds } = await ffmpeg.probe(path)
  const picture = streams.find(({ kind }) => kind === 'video')
  const sound = streams.find(({ kind }) => kind === 'audio')?.index ?? null
  const size = { width: picture?.width ?? 2, height: picture?.height ?? 2 }
  return { picture: picture?.index ?? 0, sound, size, seconds: durationSeconds ?? 0 }
}

async function join(paths: readonly string[], target: string): Promise<number> {
  const parts = await Promise.all(paths.map(partOf))
  const options = ['-filter_complex', joinFilms(parts, common), '-map', joinedPicture, '-map', joinedSound]
  // As the graph gives them: no frame is put in for one that is missing.
  const encoded = ['-fps_mode', 'passthrough', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-f', 'mp4']
  const outputs = [{ path: target, options: [...options, ...encoded] }]
  await ffmpeg.run({ inputs: paths.map(path => ({ path })), outputs }, { timeoutSeconds: 60 })
  return joinedSeconds(parts, common)
}

/** White while there is sound, else black; the sound begins and ends with it. */
const whiteWithTone = (path: string, seconds: number, rest: readonly string[]) =>
  film(
    path,
    ...['-f', 'lavfi', '-i', `color=white:${rest[0]}:d=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=f=700:d=${rest[1] ?? seconds}`],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le'],
  )
const blackSilent = (path: string, seconds: number, picture: string) =>
  film(path, '-f', 'lavfi', '-i', `color=black:${picture}:d=${seconds}`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p')

async function whiteSpans(path: string) {
  const options = ['-vf', 'signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-', '-f', 'null']
  const printed = await ffmpeg.capture({ inputs: [{ path }], options }, { timeoutSeconds: 30 })
  const frames = [...printed.matchAll(/pts_time:(\S+)\s+lavfi\.signalstats\.YMAX=(\d+)/g)]
  const white = frames.filter(([, , level]) => Number(level) > 128).map(([, at]) => Number(at))
  const spans: { from: number; to: number }[] = []
  for (const at of white) {
    const last = spans.at(-1)
    if (last && at - last.to < 0.01) last.to = at + 1 / common.frameRate
    else spans.push({ from: at, to: at + 1 / common.frameRate })
  }
  return spans
}

test('films of any size and rate, with sound and without, last as long as their sum, in step', async () => {
  using work = scratch()
  const target = work.file('joined.mp4')
  const seconds = await join(
    [
      whiteWithTone(work.file('a.mkv'), 2, ['s=640x360:r=25']),
      blackSilent(work.file('b.mkv'), 1.5, 's=200x300:r=12'),
      whiteWithTone(work.file('c.mkv'), 1.02, ['s=90x160:r=50']),
      blackSilent(work.file('d.mkv'), 1, 's=320x240:r=30'),
      whiteWithTone(work.file('e.mkv'), 2, ['s=64x64:r=60']),
    ],
    target,
  )
  assert.ok(Math.abs(seconds - 7.52) < 0.02, `${seconds}`)
  const { durationSeconds, streams } = await ffmpeg.probe(target)
  assert.ok(Math.abs((durationSeconds ?? 0) - seconds) < 0.05, `${durationSeconds}`)
  assert.deepEqual([streams[0]?.width, streams[0]?.height, streams[0]?.frameRate], [320, 240, 30])
  assert.equal((await framesOf(ffmpeg, target)).length, Math.round(seconds * 30))
  const [seen, heard] = [await whiteSpans(target), await soundsOf(ffmpeg, target)]
  assert.deepEqual([seen.length, heard.length], [3, 3])
  for (const [place, { from, to }] of seen.entries()) {
    const tone = heard[place] ?? { from: -1, to: -1 }
    assert.ok(Math.abs(tone.from - from) < 0.04, `${place} is seen at ${from} and heard at ${tone.from}`)
    // AAC's last packet dies away.
    assert.ok(Math.abs(tone.to - to) < 0.06, `${place} is seen until ${to} and heard until ${tone.to}`)
  }
})

test('what lacks picture or sound at its end does not shift what follows', async () => {
  using work = scratch()
  const target = work.file('joined.mp4')
  const paths = [
    whiteWithTone(work.file('a.mkv'), 2, ['s=320x240:r=30', '1.2']),
    whiteWithTone(work.file('b.mkv'), 1, ['s=320x240:r=30', '2']),
    blackSilent(work.file('c.mkv'), 1, 's=320x240:r=30'),
  ]
  paths.push(paths[0] ?? '')
  const seconds = await join(paths, target)
  assert.ok(Math.abs(seconds - 7) < 0.04)
  assert.equal((await framesOf(ffmpeg, target)).length, Math.round(seconds * 30))
  for (const { kind, durationSeconds } of (await ffmpeg.probe(target)).streams)
    assert.ok(Math.abs((durationSeconds ?? 0) - seconds) < 0.05, `${kind}: ${durationSeconds}`)
  const [seen, heard] = [await whiteSpans(target), await soundsOf(ffmpeg, target)]
  const told = JSON.stringify({ seen, heard })
  // The second film's only second of picture stays until its sound ends.
  assert.ok(seen.length === 2 && Math.abs((seen[0]?.to ?? 0) - 4) < 0.05, told)
  assert.ok(heard.length === 3 && Math.abs((heard[1]?.from ?? 0) - 2) < 0.04, told)
  assert.ok(Math.abs((heard[1]?.to ?? 0) - 4) < 0.06, told)
})

test('real films of different kinds can be joined', { skip }, async () => {
  using work = scratch()
  const target = work.file('joined.mp4')
  const paths = ['video/sintel_5s.mp4', 'video/intel_asl_again.mkv', 'odd/androidx/ts/bbb_2500ms.ts'].map(mediaFile)
  const seconds = await join(paths, target)
  const { durationSeconds } = await ffmpeg.probe(target)
  assert.ok(Math.abs((durationSeconds ?? 0) - seconds) < 0.05, `${durationSeconds} instead of ${seconds}`)
})
