import type { ChildProcess } from 'node:child_process'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import createCommand from 'fluent-ffmpeg'
import { AppError } from '../../platform/errors.ts'
import { type Limits, limitArguments, type MediaInput, readingOptions, sourceOf } from './command.ts'
import type { Leash } from './leash.ts'
import type { Progress } from './orders.ts'
import { complaintOf, progressOf } from './stderr.ts'

export const limitedProgram = fileURLToPath(new URL('./limited.sh', import.meta.url))

interface Run {
  inputs: readonly MediaInput[]
  outputs: readonly { path: string | Writable; options: readonly string[] }[]
  limits: Limits
  leash: Leash
  onProgress(progress: Progress): void
}

/** One ffmpeg, from start to exit. Throws `media.failed` with what ffmpeg complained about. */
export async function runFfmpeg({ leash, onProgress, ...run }: Run): Promise<Progress> {
  const command = build(run)
  let reached: Progress = { seconds: 0, frames: 0 }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  command.on('start', () => leash.hold(pidOf(command)))
  // Not its `progress` event: for that, it would run an ffprobe of its own on the input, without limits and allow-list.
  command.on('stderr', (line: string) => {
    const progress = progressOf(line)
    if (!progress) return
    reached = progress
    onProgress(progress)
  })
  command.on('end', () => resolve())
  command.on('error', (fault: Error, _stdout, stderr: string | null | undefined) => {
    const paths = [...run.inputs, ...run.outputs].map(({ path }) => path).filter(path => typeof path === 'string')
    reject(new AppError('media.failed', complaintOf(stderr ?? '', paths) ?? fault.message, { cause: fault }))
  })
  command.run()
  await promise
  return reached
}

function build({ inputs, outputs, limits }: Pick<Run, 'inputs' | 'outputs' | 'limits'>) {
  const command = createCommand({ stdoutLines: 200 }).setFfmpegPath(limitedProgram)
  const general = ['-y', '-nostdin', '-hide_banner', '-loglevel', 'error', '-stats', '-stats_period', '0.5']
  inputs.forEach((input, index) => {
    const leading = index === 0 ? [...limitArguments(limits), ...general] : []
    command.input(sourceOf(input)).inputOptions(...leading, ...readingOptions(input))
  })
  for (const { path, options } of outputs) {
    command.output(path)
    // Never one argument alone: that one it would cut in two at a space.
    command.outputOptions('-max_muxing_queue_size', '1024', ...options)
  }
  return command
}

/** The child, which its types keep quiet about. */
const pidOf = (command: object): number | undefined =>
  'ffmpegProc' in command ? (command.ffmpegProc as ChildProcess).pid : undefined
