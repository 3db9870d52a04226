import { AppError } from '../../platform/errors.ts'
import { task } from '../../platform/threads/index.ts'
import { createLeash } from './leash.ts'
import type { Order, Outcome, Progress } from './orders.ts'
import { runFfmpeg } from './run-ffmpeg.ts'
import { runFfprobe } from './run-ffprobe.ts'
import { createTextSink } from './text-sink.ts'

/** The thread's side: supervises one ffmpeg or ffprobe at a time. */
export const run = task<Order, Outcome, Progress>(async ({ job, limits, timeoutSeconds }, { signal, note }) => {
  using leash = createLeash(signal, timeoutSeconds)
  const sink = 'maxBytes' in job ? createTextSink(job.maxBytes, () => leash.cut(tooMuch(job.maxBytes))) : null
  try {
    if (job.tool === 'ffprobe') {
      if (sink) await runFfprobe({ args: job.args, limits, leash, sink })
      return { text: sink?.text() ?? '', seconds: 0, frames: 0 }
    }
    const outputs =
      job.tool === 'ffmpeg' ? job.outputs : [...job.beside, { path: sink?.stream ?? '', options: job.options }]
    const reached = await runFfmpeg({ inputs: job.inputs, outputs, limits, leash, onProgress: note })
    if (sink) await sink.finished
    return { ...reached, text: sink?.text() ?? '' }
  } catch (fault) {
    throw leash.fault ?? fault
  }
})

const tooMuch = (maxBytes: number) => new AppError('media.failed', `ffmpeg printed more than ${maxBytes} bytes.`)
