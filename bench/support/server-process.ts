import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface ServerProcess extends AsyncDisposable {
  url: string
  pid: number
}
export interface ServerCommand {
  /** The script, run by the Node that runs the bench. */
  script: string
  args?: string[]
  /** For Node itself. */
  nodeArgs?: string[]
  env?: Record<string, string>
}

/** Starts a server in its own process and waits until it logs a line of JSON with its `url`. */
export async function startServer({
  script,
  args = [],
  nodeArgs = [],
  env = {},
}: ServerCommand): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const { pid } = child
  const url = await firstUrl(child)
  if (!url || pid === undefined) throw new Error(`${script} stopped before it listened.`)
  return { url, pid, [Symbol.asyncDispose]: () => stopProcess(child) }
}

/** The first that it logs; undefined when it ended before. */
export async function firstUrl(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) throw new Error('The server has no output to read.')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = urlIn(line)
    if (!url) continue
    child.stdout.resume()
    return url
  }
  return undefined
}

function urlIn(line: string): string | undefined {
  try {
    const { url } = JSON.parse(line)
    return typeof url === 'string' ? url : undefined
  } catch {
    return undefined // a line that is not JSON is not the one
  }
}

/** Asks it to stop, and waits until it has. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}
