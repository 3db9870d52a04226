import { AppError } from '../../platform/errors.ts'

/** Holds a child process and its group, and ends them on abort, on time-out or when told. */
export interface Leash {
  hold(pid: number | undefined): void
  /** Kills the group; `fault` says why. */
  cut(fault: Error): void
  /** Why it was cut; null when it wasn't. */
  readonly fault: Error | null
  [Symbol.dispose](): void
}

export function createLeash(signal: AbortSignal, timeoutSeconds: number): Leash {
  let held: number | undefined
  let fault: Error | null = null
  const cut = (why: Error) => {
    fault ??= why
    if (held !== undefined) killGroup(held)
  }
  const onAbort = () => cut(new Error('aborted'))
  const late = () =>
    cut(new AppError('media.timeout', `The film took longer than the allowed ${timeoutSeconds} s to process.`))
  const timer = setTimeout(late, timeoutSeconds * 1000)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return {
    hold(pid) {
      held = pid
      if (fault) cut(fault)
    },
    cut,
    get fault() {
      return fault
    },
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    },
  }
}

/** SIGKILL, not SIGTERM: on the latter ffmpeg first finishes its file, which nobody wants any more. */
function killGroup(pid: number): void {
  // The group is missing before limited.sh came to setsid, and where there is no setsid: then the process itself.
  if (!kill(-pid)) kill(pid)
}

function kill(target: number): boolean {
  try {
    return process.kill(target, 'SIGKILL')
  } catch (fault) {
    // It ended by itself in the meantime: what we wanted.
    if (fault instanceof Error && 'code' in fault && fault.code === 'ESRCH') return false
    throw fault
  }
}
