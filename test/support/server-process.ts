import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'

export interface ServerProcess extends AsyncDisposable {
  url: string
  pid: number
  /** What it logged as an error. */
  errors: readonly string[]
  /** False once it has ended, whoever ended it. */
  isRunning(): boolean
  /** As an operator does; answers its exit code. */
  stop(): Promise<number | null>
  /** As a power cut does. */
  kill(): Promise<void>
}

const script = new URL('../../server/main.ts', import.meta.url).pathname

/** The server as people start it: in a process of its own, with this environment and no other. */
export async function startServerProcess(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exit
  }
  const lines = createInterface({ input: child.stdout })
  const errors: string[] = []
  const url = await readUrl(lines, line => errors.push(line))
  return {
    url,
    pid: child.pid ?? 0,
    errors,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      await end('SIGTERM')
      return child.exitCode
    },
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  }
}

function readUrl(lines: Interface, onError: (line: string) => void): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  lines.on('line', line => {
    const { url, level } = JSON.parse(line) as { url?: string; level?: number }
    if (url) resolve(url)
    if ((level ?? 0) >= errorLevel) onError(line)
  })
  lines.once('close', () => reject(new Error('The server ended before it listened.')))
  return promise
}

/** As pino counts. */
const errorLevel = 50
