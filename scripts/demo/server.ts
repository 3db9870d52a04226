import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')
const startWithinMs = 120_000
const stopWithinMs = 25_000

/** A server that the demo talks to. */
export interface DemoServer {
  url: string
  /** Ends it when the demo started it. */
  stop(): Promise<void>
  /** Resolves with a sentence when it ends by itself. */
  ended: Promise<string>
}

/** The server of RUSHES_URL, or one of our own with the defaults of `npm start`. */
export async function openServer(): Promise<DemoServer> {
  const given = process.env.RUSHES_URL
  if (given) return findServer(given.replace(/\/+$/, ''))
  const port = process.env.PORT ?? ((await isFree(4000)) ? '4000' : '0')
  const child = spawn(process.execPath, [join(root, 'server/main.ts')], {
    cwd: root,
    env: { ...process.env, PORT: port, LOG_LEVEL: 'info', LOG_PRETTY: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a process group of its own: Ctrl-C comes to us alone, and we end it in its own time.
    detached: true,
  })
  const killNow = () => void child.kill('SIGKILL')
  process.once('exit', killNow)
  const said = collectLines(child)
  const ended = once(child, 'exit').then(() => `The server ended:\n${lastLines(said.lines.join('\n'))}`)
  const stop = async () => {
    process.off('exit', killNow)
    await stopChild(child)
  }
  const late = new AbortController()
  const tooLate = timeout(startWithinMs, late.signal).then(
    () => `The server did not start within ${startWithinMs / 1000} s.`,
  )
  const outcome = await Promise.race([said.url.then(url => ({ url })), ended, tooLate])
  late.abort()
  if (typeof outcome === 'object') return { url: outcome.url, stop, ended }
  await stop()
  throw new Error(outcome)
}

async function findServer(url: string): Promise<DemoServer> {
  const found = await fetch(`${url}/health`).catch(() => null)
  if (!found?.ok) throw new Error(`No Rushes server answers at ${url} (RUSHES_URL).`)
  return { url, stop: async () => {}, ended: new Promise(() => {}) }
}

/** Log lines as they come; the one with `url` says that it listens. */
function collectLines(child: ChildProcess): { url: Promise<string>; lines: string[] } {
  const lines: string[] = []
  const url = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', line => {
      const { msg, url: listening, level } = parsed(line)
      if (listening) url.resolve(listening)
      // Only what went wrong is worth keeping, for when it ends.
      if (level === undefined || level >= 40) lines.push(msg ?? line)
      if (lines.length > 20) lines.shift()
    })
  }
  return { url: url.promise, lines }
}

function parsed(line: string): { msg?: string; url?: string; level?: number } {
  try {
    return JSON.parse(line)
  } catch {
    // A line for people: shown as it is.
    return {}
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = new AbortController()
  const kill = timeout(stopWithinMs, patience.signal).then(() => child.kill('SIGKILL'))
  await Promise.race([gone, kill])
  patience.abort()
}

const timeout = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })

const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

const lastLines = (text: string): string =>
  text
    .trim()
    .split('\n')
    .slice(-8)
    .map(line => `  ${line}`)
    .join('\n')
