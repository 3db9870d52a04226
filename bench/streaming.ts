/**
 * Range requests against nginx on the same machine and the same file: `node bench/streaming.ts [rounds] [seconds]`.
 * The ratios say something about other machines; the absolute numbers do not.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startNginx } from './support/nginx.ts'
import { type LoadResult, loadRanges } from './support/range-load.ts'
import { median, medianRatio, runRounds } from './support/rounds.ts'
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

const folder = await mkdtemp(join(tmpdir(), 'bench-streaming-'))
try {
  const film = await writeFilm()
  await using nginx = await startNginx(folder)
  await using rushes = await startRushes(film)
  const urls = { nginx: `${nginx.url}/film.mp4`, rushes: rushes.filmUrl }
  await checkSame(urls)
  const rows: string[][] = []
  for (const { name, ...load } of loads) {
    const run = (url: string) => () => loadRanges({ url, filmBytes, seconds, ...load })
    const { nginx: theirs, rushes: ours } = await runRounds(rounds, {
      nginx: run(urls.nginx),
      rushes: run(urls.rushes),
    })
    rows.push(rowOf(name, ours, theirs))
  }
  const head = [
    'range',
    'nginx req/s',
    'rushes req/s',
    'nginx MiB/s',
    'rushes MiB/s',
    'nginx p99 ms',
    'rushes p99 ms',
    'ratio',
  ]
  console.log(formatTable(head, rows))
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function writeFilm(): Promise<string> {
  const path = join(folder, 'film.mp4')
  await writeFile(path, randomBytes(filmBytes))
  return path
}

/** To measure the whole server: start `server/main.ts`, upload the film, give back the URL of its stream. */
async function startRushes(film: string) {
  const script = fileURLToPath(new URL('support/film-server.ts', import.meta.url))
  const server = await startServer({ script, args: [film, join(folder, 'data')] })
  return Object.assign(server, { filmUrl: `${server.url}/` })
}

/** A fast answer counts only if it is the right one. */
async function checkSame(urls: Record<string, string>): Promise<void> {
  const headers = { range: `bytes=${mebibyte + 1}-${3 * mebibyte}` }
  const bodies = Object.values(urls).map(async url => Buffer.from(await (await fetch(url, { headers })).arrayBuffer()))
  const [first, second] = await Promise.all(bodies)
  if (!first || !second || first.length !== 2 * mebibyte || !first.equals(second))
    throw new Error('The answers differ.')
}

function rowOf(name: string, ours: LoadResult[], theirs: LoadResult[]): string[] {
  const pair = (pick: (result: LoadResult) => number, digits: number) =>
    [theirs, ours].map(results => median(results.map(pick)).toFixed(digits))
  const ratio = medianRatio(
    ours.map(({ requestsPerSecond }) => requestsPerSecond),
    theirs.map(({ requestsPerSecond }) => requestsPerSecond),
  )
  return [
    name,
    ...pair(result => result.requestsPerSecond, 0),
    ...pair(result => result.bytesPerSecond / mebibyte, 0),
    ...pair(result => result.p99Ms, 1),
    ratio.toFixed(2),
  ]
}
