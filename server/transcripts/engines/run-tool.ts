import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { AppError } from '../../platform/errors.ts'

export interface ToolOptions {
  signal: AbortSignal
  timeoutSeconds: number
}
export interface ToolOutcome {
  /** As shells count: 127 when there is no such program. */
  exitCode: number | null
  stdout: string
  stderr: string
}

/** Below everything that people wait for. */
const niceness = '10'
const maxOutputLength = 4 * 1024 * 1024

/**
 * Runs a command-line tool at low priority, in a process group of its own, which is killed on abort (rejects with the
 * signal's reason) and when it takes too long (throws `media.timeout`).
 */
export async function runTool(command: readonly string[], options: ToolOptions): Promise<ToolOutcome> {
  options.signal.throwIfAborted()
  const timeout = AbortSignal.timeout(options.timeoutSeconds * 1000)
  const stop = AbortSignal.any([options.signal, timeout])
  const tool = spawn('nice', ['-n', niceness, ...command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  // Where no process can be had it has no output either, and says why a moment later.
  const closed = once(tool, 'close')
  closed.catch(() => {})
  const kill = () => killGroup(tool)
  stop.addEventListener('abort', kill, { once: true })
  try {
    const [stdout, stderr] = [gather(tool.stdout), gather(tool.stderr)]
    const [exitCode] = await closed
    options.signal.throwIfAborted()
    if (timeout.aborted)
      throw new AppError('media.timeout', `${command[0]} took longer than ${options.timeoutSeconds} s.`)
    return { exitCode, stdout: stdout.text, stderr: stderr.text }
  } finally {
    stop.removeEventListener('abort', kill)
  }
}

/** Everything a stream says, up to a limit: what comes after it is read and dropped, so that the tool is not held up. */
function gather(stream: NodeJS.ReadableStream | undefined): { text: string } {
  const gathered = { text: '' }
  stream?.setEncoding('utf8').on('data', (piece: string) => {
    if (gathered.text.length < maxOutputLength) gathered.text += piece
  })
  return gathered
}

function killGroup(tool: ChildProcess): void {
  if (tool.pid === undefined || tool.exitCode !== null || tool.signalCode !== null) return
  try {
    process.kill(-tool.pid, 'SIGKILL')
  } catch (fault) {
    // It has just ended by itself, and nobody was told yet.
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ESRCH')) throw fault
  }
}
