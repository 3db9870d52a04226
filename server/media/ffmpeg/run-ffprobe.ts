import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { AppError } from '../../platform/errors.ts'
import { type Limits, limitArguments } from './command.ts'
import type { Leash } from './leash.ts'
import { limitedProgram } from './run-ffmpeg.ts'
import { complaintOf } from './stderr.ts'

interface ProbeRun {
  args: readonly string[]
  limits: Limits
  leash: Leash
  sink: { stream: Writable; finished: Promise<void> }
}

const keptComplaintBytes = 8192

/** One ffprobe. Without fluent-ffmpeg, which can neither stop it nor bound what it prints, and reads no JSON. */
export async function runFfprobe({ args, limits, leash, sink }: ProbeRun): Promise<void> {
  const child = spawn(limitedProgram, [...limitArguments(limits), '--program', 'ffprobe', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Where no process can be had it has no output either, and says why a moment later.
  const closed = once(child, 'close') as Promise<[code: number | null, killedBy: string | null]>
  closed.catch(() => {})
  leash.hold(child.pid)
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-keptComplaintBytes)
  })
  child.stdout?.pipe(sink.stream)
  const [code, killedBy] = await closed
  await sink.finished
  if (code === 0) return
  const paths = args.filter(arg => arg.startsWith('file:')).map(arg => arg.slice('file:'.length))
  throw new AppError(
    'media.failed',
    complaintOf(complaint, paths) ?? `ffprobe ended with ${killedBy ?? `code ${code}`}.`,
  )
}
