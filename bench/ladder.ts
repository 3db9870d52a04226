/**
 * The HLS ladder beside the one ffmpeg command that makes the same outputs: `node bench/ladder.ts [film] [rounds]`.
 * Without a film, twenty seconds of moving 720p are made.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createRushes } from '../client-sdk/src/index.ts'
import { createFfmpeg } from '../server/media/index.ts'
import { copyPicture, copySound, encodeRungs } from '../server/renditions/hls/arguments.ts'
import { median, ratioOf, runRounds } from './support/rounds.ts'
import { startServer } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

const run = promisify(execFile)
const [givenFilm, givenRounds = '3'] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'bench-ladder-'))
const heights = [480, 360]
try {
  const film = givenFilm ?? (await writeFilm())
  const ffmpeg = createFfmpeg({ threads: 1 })
  const { streams } = await ffmpeg.probe(film)
  await ffmpeg.stop()
  const picture = streams.find(({ kind }) => kind === 'video')
  const sound = streams.find(({ kind }) => kind === 'audio')
  if (!picture?.width || !picture.height || !sound) throw new Error('A film with picture and sound is wanted.')
  const { width, height } = picture
  const targets = heights.map(lines => ({
    path: join(folder, `${lines}.mp4`),
    rung: {
      name: `${lines}p`,
      size: { width: 2 * Math.round((width * lines) / height / 2), height: lines },
      kilobits: Math.round(5000 * (lines / 1080) ** 1.67),
    },
  }))
  const outputs = [
    { path: join(folder, 'source.mp4'), options: copyPicture(picture.index) },
    { path: join(folder, 'audio.mp4'), options: copySound(sound.index) },
    ...encodeRungs(picture, targets, 'zscale'),
  ]
  const command = ['-v', 'error', '-y', '-i', film, ...outputs.flatMap(({ path, options }) => [...options, path])]
  const contestants = {
    command: async () => ({ all: await seconds(() => run('nice', ['-n', '19', 'ffmpeg', ...command])), first: 0 }),
    ours: () => throughTheServer(film),
  }
  const rounds = Number(givenRounds)
  const { of, load } = await runRounds(rounds, contestants, ({ ours, command }) => ours.all / command.all)
  const [theirs, ours] = [of.command.map(({ all }) => all), of.ours.map(({ all }) => all)]
  console.log(
    formatTable(
      ['what', 'seconds', 'ratio', 'load'],
      [
        ['one ffmpeg command', median(theirs).toFixed(2), '1.00', load],
        ['the stage, from running to done', median(ours).toFixed(2), ratioOf(ours, theirs), load],
        ['of it, until the film can be played', median(of.ours.map(({ first }) => first)).toFixed(2), '', load],
      ],
    ),
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** A server for each round; by the times in the room's log. */
async function throughTheServer(film: string): Promise<{ all: number; first: number }> {
  const script = new URL('../server/main.ts', import.meta.url).pathname
  const data = await mkdtemp(join(folder, 'data-'))
  const env = { PORT: '0', DATA_DIR: data, TRANSCRIBER: 'none', EMBEDDER: 'none', LOG_LEVEL: 'info' }
  await using server = await startServer({ script, env: { ...env, HLS_LADDER: heights.join() } })
  const { videos } = createRushes({ url: server.url })
  const { id } = await videos.upload(film)
  for (;;) {
    const events = await videos.events(id)
    const at = (found: (typeof events)[number] | undefined) => (found ? Date.parse(found.at) / 1000 : Number.NaN)
    const stage = (state: string) =>
      events.find(
        ({ type, payload }) => type === 'video.stage_changed' && payload.stage === 'hls' && payload.state === state,
      )
    if (stage('failed')) throw new Error('The ladder failed.')
    if (stage('done')) {
      const first = events.find(({ type, payload }) => type === 'rendition.ready' && payload.hls !== undefined)
      return { all: at(stage('done')) - at(stage('running')), first: at(first) - at(stage('running')) }
    }
    await new Promise(done => setTimeout(done, 200))
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return (performance.now() - from) / 1000
}

async function writeFilm(): Promise<string> {
  const path = join(folder, 'film.mp4')
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=20', '-f', 'lavfi', '-i', 'sine=d=20']
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  await run('ffmpeg', ['-v', 'error', ...picture, ...codecs, '-movflags', '+faststart', path])
  return path
}
