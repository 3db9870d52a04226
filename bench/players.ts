/**
 * How late the event loop is while 64 players take a film as fast as they can, alone and while another film is uploaded and
 * processed beside them: `node bench/players.ts [seconds]`. Needs `wrk`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRushes } from '../client-sdk/src/index.ts'
import { writePaddedFilm, writePicturedFilm } from './support/films.ts'
import { loadRanges } from './support/range-load.ts'
import { startServer } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

const players = 64
const mebibyte = 1024 * 1024
const filmBytes = 64 * mebibyte
const [seconds = 10] = process.argv.slice(2).map(Number)
const folder = await mkdtemp(join(tmpdir(), 'bench-players-'))
const report = join(folder, 'event-loop.json')
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

interface Lateness {
  p50Ms: number
  p99Ms: number
  maxMs: number
}

try {
  const film = await writePaddedFilm(join(folder, 'film.mp4'), filmBytes)
  const other = await writePicturedFilm(join(folder, 'other.mp4'), 60)
  await using server = await startServer({
    script: here('../server/main.ts'),
    nodeArgs: ['--import', here('support/watch-loop.ts')],
    env: { PORT: '0', DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'info', WATCH_LOOP_REPORT: report },
  })
  const client = createRushes({ url: server.url })
  const { id } = await client.videos.upload(film)
  await client.videos.untilReady(id)
  const url = client.videos.streamUrl(id)
  const play = (rangeBytes: number, forSeconds: number) =>
    loadRanges({ url, filmBytes, rangeBytes, connections: players, seconds: forSeconds })
  const rows: string[][] = []
  for (const rangeBytes of [mebibyte / 4, mebibyte, 8 * mebibyte]) {
    await play(rangeBytes, 2)
    await lateness(server.pid)
    const alone = await play(rangeBytes, seconds)
    rows.push(rowOf(rangeBytes, 'nothing', { ...alone, ...(await lateness(server.pid)) }))
    const video = await client.videos.upload(other)
    const beside = await play(rangeBytes, seconds)
    rows.push(rowOf(rangeBytes, 'a film is processed', { ...beside, ...(await lateness(server.pid)) }))
    await client.videos.untilReady(video.id)
    await client.videos.delete(video.id)
  }
  console.log(formatTable(['range', 'beside', 'MiB/s', 'loop p50 ms', 'loop p99 ms', 'loop max ms'], rows))
} finally {
  await rm(folder, { recursive: true, force: true })
}

function rowOf(rangeBytes: number, beside: string, measured: Lateness & { bytesPerSecond: number }): string[] {
  const { bytesPerSecond, p50Ms, p99Ms, maxMs } = measured
  const lates = [p50Ms, p99Ms, maxMs].map(ms => ms.toFixed(1))
  return [`${rangeBytes / 1024} KiB`, beside, (bytesPerSecond / mebibyte).toFixed(0), ...lates]
}

/** Since it was asked last. */
async function lateness(pid: number): Promise<Lateness> {
  await rm(report, { force: true })
  process.kill(pid, 'SIGUSR2')
  for (;;) {
    const text = await readFile(report, 'utf8').catch(() => '') // not written yet
    if (text) return JSON.parse(text)
    await new Promise(done => setTimeout(done, 20))
  }
}
