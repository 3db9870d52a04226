import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface RangeLoad {
  url: string
  filmBytes: number
  rangeBytes: number
  connections: number
  seconds: number
}
export interface LoadResult {
  /** How long it really ran. */
  seconds: number
  requestsPerSecond: number
  bytesPerSecond: number
  p50Ms: number
  p99Ms: number
}

const script = fileURLToPath(new URL('range-load.lua', import.meta.url))

/** Asks for ranges over kept-alive connections, each as soon as the last is there, by wrk in its own process. */
export async function loadRanges(load: RangeLoad): Promise<LoadResult> {
  const { stdout } = await promisify(execFile)('wrk', [
    '-t1',
    `-c${load.connections}`,
    `-d${load.seconds}s`,
    `-s${script}`,
    load.url,
    '--',
    String(load.filmBytes),
    String(load.rangeBytes),
  ])
  const line = stdout.split('\n').find(text => text.startsWith('{'))
  if (!line) throw new Error(`wrk said nothing of its run: ${stdout}`)
  const run = JSON.parse(line)
  if (run.errors > 0) throw new Error(`${run.errors} requests of ${load.url} failed.`)
  const seconds = run.microseconds / 1e6
  return {
    seconds,
    requestsPerSecond: run.requests / seconds,
    bytesPerSecond: run.bytes / seconds,
    p50Ms: run.p50Microseconds / 1000,
    p99Ms: run.p99Microseconds / 1000,
  }
}
