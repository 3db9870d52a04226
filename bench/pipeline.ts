/**
 * What the analysis of a film costs beside one decode of it, and how soon a film plays:
 * `node bench/pipeline.ts [film | -] [rounds] [GiB of the large film]`.
 * No rounds (0) or no GiB (0) leave the one or the other out. Without a film (`-`), a minute of noisy 720p is made; a given film is looped to a minute of 720p.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { scenePart } from '../server/detections/scene-part.ts'
import { createFfmpeg, everyFrame, type Ffmpeg, readFrames } from '../server/media/index.ts'
import { createProbe } from '../server/probe/index.ts'
import { makeAudio } from '../server/renditions/make-audio.ts'
import { makeStoryboard } from '../server/renditions/make-storyboard.ts'
import { makeThumbnail } from '../server/renditions/make-thumbnail.ts'
import { makeWaveform } from '../server/renditions/make-waveform.ts'
import type { Source } from '../server/renditions/source.ts'
import type { VideoRecord } from '../server/videos/index.ts'
import { inOneRequest, openServer, resumably } from './support/first-playable.ts'
import { copyWithIndexFirst, loopToMinute, writeHour, writeNoisyMinute } from './support/pipeline-films.ts'
import { median, type Rounds, ratioOf, runRounds } from './support/rounds.ts'
import { formatTable } from './support/table.ts'

const run = promisify(execFile)
const [givenFilm = '-', givenRounds = '5', givenGibibytes = '1'] = process.argv.slice(2)
const rounds = Number(givenRounds)
const folder = await mkdtemp(join(tmpdir(), 'bench-pipeline-'))
const waitRounds = 3
const at = (name: string) => join(folder, name)
try {
  if (rounds > 0) console.log(formatTable(['step', 'seconds', 'ratio to the decode', 'load'], await measureCosts()))
  const waits = Number(givenGibibytes) > 0 ? await measureWaits(Number(givenGibibytes) * 2 ** 30) : []
  if (waits.length > 0) console.log(`\n${formatTable(['film, index last', 'way', 'seconds', 'load'], waits)}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Each step alone, their sum, and what decoding the film costs, in the same rounds. */
async function measureCosts(): Promise<string[][]> {
  const ffmpeg = createFfmpeg({ threads: 1, niceness: 0 })
  try {
    const film = at('film.mp4')
    await (givenFilm === '-' ? writeNoisyMinute(film) : loopToMinute(givenFilm, film))
    const steps = stepsOn(await sourceOf(ffmpeg, film))
    // Fresh threads ask ffmpeg what it can do: that is paid once in a server's life.
    for (const step of Object.values(steps)) await step()
    const measured = await runRounds(rounds, {
      decode: async (): Promise<Record<string, number>> => ({
        decode: await seconds(() => run('ffmpeg', ['-v', 'error', '-i', film, '-f', 'null', '-'])),
      }),
      ours: async () => {
        const taken: Record<string, number> = {}
        for (const [name, step] of Object.entries(steps)) taken[name] = await seconds(step)
        return taken
      },
    })
    return costRows(Object.keys(steps), measured)
  } finally {
    await ffmpeg.stop()
  }
}

function stepsOn(source: Source): Record<string, () => Promise<unknown>> {
  const { ffmpeg, path, record, timeoutSeconds } = source
  const reading = { ffmpeg, path, videoStream: record.videoStream ?? 0, decode: everyFrame, parts: [scenePart] }
  // As in the server: where the storyboard decodes every frame, the scenes are found on the way.
  let found = false
  const keep = async () => {
    found = true
  }
  return {
    storyboard: () => makeStoryboard(source, at('sheet'), { parts: () => [scenePart], keep }),
    scenes: async () => found || readFrames(reading, { timeoutSeconds }),
    thumbnail: () => makeThumbnail(source, at('thumbnail')),
    audio: () => makeAudio(source, at('audio')),
    waveform: () => makeWaveform(at('audio'), source.signal),
  }
}

type Taken = Record<string, number>

function costRows(names: string[], { of, load }: Rounds<'decode' | 'ours', Taken>): string[][] {
  const decodes = of.decode.map(round => round.decode ?? Number.NaN)
  const rowOf = (name: string, taken: number[]) => [name, median(taken).toFixed(3), ratioOf(taken, decodes), load]
  const takenBy = (name: string) => of.ours.map(round => round[name] ?? Number.NaN)
  const together = of.ours.map(round => Object.values(round).reduce((sum, each) => sum + each, 0))
  return [
    rowOf('one decode by ffmpeg', decodes),
    ...names.map(name => rowOf(name, takenBy(name))),
    rowOf('all, one after the other', together),
  ]
}

/** From the last byte sent to `playable`, through a server; and beside it, how long a copy with the index first takes. */
async function measureWaits(largeBytes: number): Promise<string[][]> {
  const small = at('small.mp4')
  const large = at('large.mp4')
  await writeHour(small)
  await writeHour(large, largeBytes)
  await using server = await openServer()
  // The first upload of a server's life pays for threads.
  await inOneRequest(server, small)
  const rows: string[][] = []
  for (const [name, film] of [
    ['1 h, small', small],
    [`1 h, ${largeBytes / 2 ** 30} GiB`, large],
  ] as const) {
    const { of, load } = await runRounds(waitRounds, {
      'playable: one request': () => inOneRequest(server, film),
      'playable: resumable': () => resumably(server, film),
      'a copy with the index first': () => seconds(() => copyWithIndexFirst(film, at('copy.mp4'))),
    })
    for (const [way, taken] of Object.entries(of)) rows.push([name, way, median(taken).toFixed(2), load])
  }
  return rows
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const beganAt = performance.now()
  await work()
  return (performance.now() - beganAt) / 1000
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
