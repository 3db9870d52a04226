/**
 * What the pictures and the sound of a film cost beside one decode of it: `node bench/pipeline.ts [film] [rounds]`.
 * Without a film, a minute of moving 720p is made, with a keyframe every two seconds.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createFfmpeg, type Ffmpeg } from '../server/platform/ffmpeg/index.ts'
import { createProbe } from '../server/probe/index.ts'
import { makeAudio } from '../server/renditions/make-audio.ts'
import { makeStoryboard } from '../server/renditions/make-storyboard.ts'
import { makeThumbnail } from '../server/renditions/make-thumbnail.ts'
import { makeWaveform } from '../server/renditions/make-waveform.ts'
import type { Source } from '../server/renditions/source.ts'
import type { VideoRecord } from '../server/videos/index.ts'
import { median, medianRatio, runRounds } from './support/rounds.ts'
import { formatTable } from './support/table.ts'

const run = promisify(execFile)
const [givenFilm, givenRounds = '5'] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'bench-pipeline-'))
const ffmpeg = createFfmpeg({ threads: 1, niceness: 0 })
try {
  const film = givenFilm ?? (await writeFilm())
  const source = await sourceOf(ffmpeg, film)
  const at = (name: string) => join(folder, name)
  const steps = {
    storyboard: () => makeStoryboard(source, at('sheet')),
    thumbnail: () => makeThumbnail(source, at('thumbnail')),
    audio: () => makeAudio(source, at('audio')),
    waveform: () => makeWaveform(at('audio'), source.signal),
  }
  // Fresh threads ask ffmpeg what it can do: that is paid once in a server's life.
  for (const step of Object.values(steps)) await step()
  const results = await runRounds(Number(givenRounds), {
    decode: async (): Promise<Record<string, number>> => ({
      decode: await seconds(() => run('ffmpeg', ['-v', 'error', '-i', film, '-f', 'null', '-'])),
    }),
    ours: async () => {
      const taken: Record<string, number> = {}
      for (const [name, step] of Object.entries(steps)) taken[name] = await seconds(step)
      return taken
    },
  })
  const decodes = results.decode.map(round => round.decode ?? Number.NaN)
  const rowOf = (name: string, taken: number[]) => [
    name,
    median(taken).toFixed(3),
    medianRatio(taken, decodes).toFixed(2),
  ]
  const rows = Object.keys(steps).map(name =>
    rowOf(
      name,
      results.ours.map(round => round[name] ?? Number.NaN),
    ),
  )
  const together = results.ours.map(round => Object.values(round).reduce<number>((sum, each) => sum + (each ?? 0), 0))
  const all = [rowOf('one decode by ffmpeg', decodes), ...rows, rowOf('the four, one after the other', together)]
  console.log(formatTable(['step', 'seconds', 'ratio to the decode'], all))
} finally {
  await ffmpeg.stop()
  await rm(folder, { recursive: true, force: true })
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const beganAt = performance.now()
  await work()
  return (performance.now() - beganAt) / 1000
}

async function writeFilm(): Promise<string> {
  const path = join(folder, 'film.mp4')
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=60,noise=alls=12:allf=t']
  const sound = ['-f', 'lavfi', '-i', 'anoisesrc=d=60:a=0.2:r=48000']
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  await run('ffmpeg', ['-v', 'error', ...picture, ...sound, ...codecs, '-movflags', '+faststart', path])
  return path
}

/** As much of a record as the steps read. */
async function sourceOf(tool: Ffmpeg, path: string): Promise<Source> {
  const probe = createProbe({ ffmpeg: tool, limits: { maxDurationSeconds: 24 * 3600 } })
  const { durationSeconds, width, height, ...media } = await probe.inspect(path, { filename: path })
  const record = { ...media, video: { durationSeconds, width, height } } as unknown as VideoRecord
  return {
    ffmpeg: tool,
    record,
    path,
    signal: new AbortController().signal,
    timeoutSeconds: 3600,
    report: () => {},
  }
}
