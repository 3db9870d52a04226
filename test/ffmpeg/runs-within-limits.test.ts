import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { AppError } from '../../server/platform/errors.ts'
import { film, scratch } from './films.ts'

const ffmpeg = createFfmpeg({ threads: 2 })
after(() => ffmpeg.stop())

const lavfi = (graph: string) => ({ path: graph, formats: ['lavfi'], options: ['-f', 'lavfi'] })

/** Process ids of ffmpeg whose command line holds `mark`. */
const running = (mark: string): number[] =>
  spawnSync('pgrep', ['-f', `^ffmpeg.*${mark}`], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
    .map(Number)

/** An endless run that is known by its title. */
const marked = (mark: string) => ({
  inputs: [{ path: 'testsrc2=size=320x240:rate=25', formats: ['lavfi'], options: ['-re', '-f', 'lavfi'] }],
  options: ['-metadata', `title=${mark}`, '-f', 'null'],
})

test('says which ffmpeg it is', async () => {
  assert.match(await ffmpeg.version(), /^\d|^n|^git/)
})

test('a run writes its file and reports how far it is', async () => {
  using work = scratch()
  const seen: number[] = []
  const reached = await ffmpeg.run(
    {
      inputs: [lavfi('testsrc2=size=320x240:rate=25:duration=3')],
      outputs: [{ path: work.file('a film with spaces.mp4'), options: ['-c:v', 'libx264', '-preset', 'ultrafast'] }],
    },
    { timeoutSeconds: 30, onProgress: progress => seen.push(progress.seconds) },
  )
  assert.equal(reached.frames, 75)
  assert.ok(reached.seconds > 2.8 && reached.seconds < 3.1, String(reached.seconds))
  assert.equal(seen.at(-1), reached.seconds)
  const facts = await ffmpeg.probe(work.file('a film with spaces.mp4'))
  assert.equal(facts.durationSeconds, 3)
  assert.deepEqual([facts.streams[0]?.codec, facts.streams[0]?.width, facts.streams[0]?.frameRate], ['h264', 320, 25])
})

test('a 1080p encode fits into the default memory limit', async () => {
  using work = scratch()
  await ffmpeg.run(
    {
      inputs: [lavfi('testsrc2=size=1920x1080:rate=30:duration=1')],
      outputs: [
        { path: work.file('hd.mp4'), options: ['-c:v', 'libx264', '-preset', 'medium', '-pix_fmt', 'yuv420p'] },
      ],
    },
    { timeoutSeconds: 120 },
  )
  assert.ok(statSync(work.file('hd.mp4')).size > 10_000)
})

test('a memory limit that is too small stops the run', async () => {
  const small = createFfmpeg({ threads: 1, memoryBytes: 150 * 2 ** 20 })
  try {
    const run = small.capture(
      { inputs: [lavfi('testsrc2=size=3840x2160:duration=1')], options: ['-f', 'null'] },
      { timeoutSeconds: 30 },
    )
    await assert.rejects(run, { code: 'media.failed' })
  } finally {
    await small.stop()
  }
})

test('an abort leaves no process behind', async () => {
  const stop = new AbortController()
  const mark = `abort-${process.pid}`
  let pids: number[] = []
  const run = ffmpeg.capture(marked(mark), {
    signal: stop.signal,
    timeoutSeconds: 60,
    onProgress: () => {
      pids = running(mark)
      stop.abort(new Error('changed my mind'))
    },
  })
  await assert.rejects(run, /changed my mind/)
  assert.equal(pids.length, 1, 'it ran before the abort')
  assert.deepEqual(running(mark), [])
})

test('a run over its time is killed and says so', async () => {
  const mark = `late-${process.pid}`
  await assert.rejects(ffmpeg.capture(marked(mark), { timeoutSeconds: 1 }), { code: 'media.timeout', message: /1 s/ })
  assert.deepEqual(running(mark), [])
})

test('the process has its own group and a low priority', async () => {
  const stop = new AbortController()
  const mark = `group-${process.pid}`
  let line = ''
  const run = ffmpeg.capture(marked(mark), {
    signal: stop.signal,
    timeoutSeconds: 60,
    onProgress: () => {
      const [pid] = running(mark)
      line = spawnSync('ps', ['-o', 'pid=,pgid=,ni=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
      stop.abort()
    },
  })
  await assert.rejects(run)
  const [pid, group, niceness] = line.split(/\s+/)
  assert.equal(pid, group)
  assert.equal(niceness, '10')
})

test('more output than allowed is a failure, not a full memory', async () => {
  const frames = { inputs: [lavfi('testsrc2=size=640x480')], options: ['-f', 'rawvideo'], maxBytes: 100_000 }
  await assert.rejects(ffmpeg.capture(frames, { timeoutSeconds: 20 }), {
    code: 'media.failed',
    message: /100000 bytes/,
  })
})

test('captured text comes back whole', async () => {
  using work = scratch()
  writeFileSync(work.file('a.srt'), '1\n00:00:01,000 --> 00:00:02,000\nGrüße, 世界\n')
  const text = await ffmpeg.capture(
    { inputs: [{ path: work.file('a.srt'), formats: ['srt'] }], options: ['-f', 'webvtt'] },
    { timeoutSeconds: 20 },
  )
  assert.match(text, /^WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße, 世界/)
})

test('a playlist is refused, whatever it is called', async () => {
  using work = scratch()
  film(work.file('secret.ts'), '-f', 'lavfi', '-i', 'testsrc2=duration=1', '-f', 'mpegts')
  writeFileSync(
    work.file('hls.mp4'),
    `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${work.file('secret.ts')}\n#EXT-X-ENDLIST\n`,
  )
  writeFileSync(work.file('concat.mp4'), `ffconcat version 1.0\nfile secret.ts\n`)
  for (const name of ['hls.mp4', 'concat.mp4']) {
    await assert.rejects(ffmpeg.probe(work.file(name)), { code: 'media.failed' }, name)
    const run = ffmpeg.capture({ inputs: [{ path: work.file(name) }], options: ['-f', 'null'] }, { timeoutSeconds: 20 })
    await assert.rejects(run, { code: 'media.failed' }, name)
  }
})

test('a failure says what was wrong without telling where our files lie', async () => {
  using work = scratch()
  writeFileSync(work.file('broken.mp4'), 'nothing')
  await assert.rejects(ffmpeg.probe(work.file('broken.mp4')), (fault: unknown) => {
    assert.ok(fault instanceof AppError)
    assert.match(fault.message, /Invalid data/)
    assert.ok(!fault.message.includes(work.folder), fault.message)
    return true
  })
})
