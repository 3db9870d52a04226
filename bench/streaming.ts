/**
 * Range requests against nginx on the same machine and the same file: `node bench/streaming.ts [rounds] [seconds]`.
 * The ratios say something about other machines; the absolute numbers do not.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRushes } from '../client-sdk/src/index.ts'
import { cpuSeconds } from './support/cpu-time.ts'
import { writePaddedFilm } from './support/films.ts'
import { startNginx } from './support/nginx.ts'
import { type LoadResult, loadRanges } from './support/range-load.ts'
import { median, ratioOf, runRounds } from './support/rounds.ts'
import { startServer } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

const kibibyte = 1024
const mebibyte = 1024 * kibibyte
const filmBytes = 64 * mebibyte
const [rounds = 5, seconds = 2] = process.argv.slice(2).map(Number)
const loads = [
  { name: '64 KiB', rangeBytes: 64 * kibibyte, connections: 16 },
  { name: '1 MiB', rangeBytes: mebibyte, connections: 16 },
  { name: '8 MiB', rangeBytes: 8 * mebibyte, connections: 16 },
]

interface Measured extends LoadResult {
  cpuMicrosecondsPerRequest: number
}
interface Contestant {
  filmUrl: string
  pid: number
}

const folder = await mkdtemp(join(tmpdir(), 'bench-streaming-'))
try {
  const film = await writePaddedFilm(join(folder, 'film.mp4'), filmBytes)
  await using nginx = await startNginx(folder)
  await using rushes = await startRushes(film)
  const contestants = { nginx: { filmUrl: `${nginx.url}/film.mp4`, pid: nginx.pid }, rushes }
  await checkSame(Object.values(contestants))
  // Code that ran a few times only is slow code: nobody starts a server for two seconds.
  for (const load of loads) await measure(rushes, load)
  const rows: string[][] = []
  for (const load of loads) {
    const measured = await runRounds(
      rounds,
      { nginx: () => measure(contestants.nginx, load), rushes: () => measure(contestants.rushes, load) },
      ({ nginx, rushes }) => rushes.requestsPerSecond / nginx.requestsPerSecond,
    )
    rows.push([...rowOf(load.name, measured.of.rushes, measured.of.nginx), measured.load])
  }
  const head = ['range', 'req/s', 'MiB/s', 'p99 ms', 'CPU µs/req', 'throughput ratio', 'CPU ratio', 'load']
  console.log(formatTable(head, rows))
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function measure({ filmUrl, pid }: Contestant, load: (typeof loads)[number]): Promise<Measured> {
  const before = await cpuSeconds(pid)
  const result = await loadRanges({ url: filmUrl, filmBytes, seconds, ...load })
  const spent = (await cpuSeconds(pid)) - before
  return { ...result, cpuMicrosecondsPerRequest: (spent * 1e6) / (result.requestsPerSecond * result.seconds) }
}

/** The whole server, with the film in it. */
async function startRushes(film: string) {
  const script = fileURLToPath(new URL('../server/main.ts', import.meta.url))
  const env = { PORT: '0', DATA_DIR: join(folder, 'data'), TRANSCRIBER: 'none', LOG_LEVEL: 'info' }
  const server = await startServer({ script, env })
  const client = createRushes({ url: server.url })
  const { id } = await client.videos.upload(film)
  await client.videos.untilReady(id)
  return Object.assign(server, { filmUrl: client.videos.streamUrl(id) })
}

/** A fast answer counts only if it is the right one. */
async function checkSame(contestants: Contestant[]): Promise<void> {
  const headers = { range: `bytes=${mebibyte + 1}-${3 * mebibyte}` }
  const bodies = contestants.map(async ({ filmUrl }) => (await fetch(filmUrl, { headers })).arrayBuffer())
  const [first, second] = (await Promise.all(bodies)).map(body => Buffer.from(body))
  if (!first || !second || first.length !== 2 * mebibyte || !first.equals(second))
    throw new Error('The answers differ.')
}

/** nginx's median and ours beside it; the ratios are medians of each round's. */
function rowOf(name: string, ours: Measured[], theirs: Measured[]): string[] {
  const pair = (pick: (result: Measured) => number, digits = 0) =>
    [theirs, ours].map(results => median(results.map(pick)).toFixed(digits)).join(' / ')
  const ratio = (pick: (result: Measured) => number) => ratioOf(ours.map(pick), theirs.map(pick))
  return [
    name,
    pair(result => result.requestsPerSecond),
    pair(result => result.bytesPerSecond / mebibyte),
    pair(result => result.p99Ms, 1),
    pair(result => result.cpuMicrosecondsPerRequest),
    ratio(result => result.requestsPerSecond),
    ratio(result => result.cpuMicrosecondsPerRequest),
  ]
}
