import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { until } from './until.ts'

export interface ServerProcess extends AsyncDisposable {
  url: string
  pid: number
  /** What it logged so far. */
  lines: readonly string[]
  /** What of it is an error. */
  readonly errors: readonly string[]
  /** False once it has ended, whoever ended it. */
  isRunning(): boolean
  /** Its exit code, when it ends by itself. */
  ended: Promise<number | null>
  /** As an operator does; answers its exit code. */
  stop(): Promise<number | null>
  /** As a power cut does. */
  kill(): Promise<void>
}

const script = new URL('../../server/main.ts', import.meta.url).pathname

// How the tests themselves run, for the processes that they start; nothing of it changes what the server does.
export const flags = process.execArgv.filter(flag => flag === '--liftoff-only')
const { NODE_COMPILE_CACHE } = process.env
export const shared = { MEDIA_NICENESS: '0', ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) }

/** The server as people start it: in a process of its own, with this environment and no other. */
export async function startServerProcess(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...flags, script], {
    env: { ...shared, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', line => lines.push(line))
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exit
  }
  const url = await until(
    'the server listens',
    () => {
      if (child.exitCode !== null) throw new Error('The server ended before it listened.')
      return urlIn(lines)
    },
    120,
  )
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    get errors() {
      return lines.filter(line => (JSON.parse(line) as { level: number }).level >= errorLevel)
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    ended: exit.then(([code]) => code as number | null),
    async stop() {
      await end('SIGTERM')
      return child.exitCode
    },
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  }
}

/** As pino counts. */
const errorLevel = 50

const urlIn = (lines: readonly string[]): string | undefined =>
  lines.map(line => (JSON.parse(line) as { url?: string }).url).find(url => url !== undefined)
