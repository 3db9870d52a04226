import type { Log } from '../../platform/log.ts'
import { createPool } from '../../platform/threads/index.ts'
import { readingOptions, sourceOf } from './command.ts'
import { type MediaFacts, parseFacts } from './media-facts.ts'
import type { Order, Outcome, Pace, Printing, Progress, Supervision, Work } from './orders.ts'

export interface FfmpegOptions {
  /** How many runs may go side by side. */
  threads: number
  /** Address space of each process. Default: 4 GiB, enough for a 4K encode. */
  memoryBytes?: number
  /** 0 to 19. What nobody waits for gets the lowest priority, unless this is 0: then nothing gives way. Default: 10. */
  niceness?: number
  log?: Log
}

/** Everything throws `media.failed` with ffmpeg's complaint, or `media.timeout`. */
export interface Ffmpeg {
  /** What a media file says of itself. Reads its headers only. */
  probe(path: string, options?: { signal?: AbortSignal; formats?: readonly string[] }): Promise<MediaFacts>
  /** From files to files. Answers how far the output reached. */
  run(work: Work, supervision: Supervision): Promise<Progress>
  /** Standard output as text, for subtitles and for what filters print. */
  capture(printing: Printing, supervision: Supervision): Promise<string>
  /** Such as `5.1.9-0+deb12u1`. Throws `media.failed` when there is no ffmpeg. */
  version(): Promise<string>
  stop(): Promise<void>
}

/**
 * Probes and captures are short. They have threads of their own, so that an upload never waits behind a transcode; two
 * may be cutting single frames.
 */
const quickThreads = 3
const lowestNiceness = 19
/** A fresh thread first asks ffmpeg what it can do (0.3 s): keep the one that has. */
const idleSeconds = 600
const gibibyte = 2 ** 30
const probeTimeoutSeconds = 30
const maxProbeBytes = 4 * 2 ** 20
const worker = new URL('./worker.ts', import.meta.url)

export function createFfmpeg({ threads, memoryBytes = 4 * gibibyte, niceness = 10, log }: FfmpegOptions): Ffmpeg {
  const open = (maxThreads: number) => createPool<Order, Outcome, Progress>({ file: worker, maxThreads, idleSeconds })
  const pools = { quick: open(quickThreads), normal: open(threads), background: open(1), patient: open(2) }
  const limits = { memoryBytes, niceness }

  async function order(job: Order['job'], supervision: Supervision): Promise<Outcome> {
    const startedAt = performance.now()
    const { signal, timeoutSeconds, onProgress, pace = usualPace(job) } = supervision
    const givesWay = unhurried.includes(pace) && limits.niceness > 0
    const niceness = givesWay ? lowestNiceness : limits.niceness
    try {
      return await pools[pace].run(
        { job, limits: { ...limits, niceness }, timeoutSeconds },
        { ...(signal && { signal }), ...(onProgress && { onNote: onProgress }) },
      )
    } finally {
      log?.debug({ tool: job.tool, tookMs: Math.round(performance.now() - startedAt) }, 'ffmpeg ran')
    }
  }

  return {
    async probe(path, { signal, formats } = {}) {
      const input = { path, ...(formats && { formats }) }
      const args = [
        '-v',
        'error',
        ...readingOptions(input),
        '-print_format',
        'json',
        '-show_format',
        '-show_streams',
        sourceOf(input),
      ]
      const supervision = { timeoutSeconds: probeTimeoutSeconds, ...(signal && { signal }) }
      return parseFacts((await order({ tool: 'ffprobe', args, maxBytes: maxProbeBytes }, supervision)).text)
    },
    async run({ inputs, outputs }, supervision) {
      const { seconds, frames } = await order({ tool: 'ffmpeg', inputs, outputs }, supervision)
      return { seconds, frames }
    },
    async capture({ inputs, options, maxBytes = 2 ** 20, beside = [] }, supervision) {
      return (await order({ tool: 'ffmpeg-print', inputs, options, maxBytes, beside }, supervision)).text
    },
    async version() {
      const { text } = await order(
        { tool: 'ffprobe', args: ['-version'], maxBytes: maxProbeBytes },
        { timeoutSeconds: probeTimeoutSeconds },
      )
      return /version (\S+)/.exec(text)?.[1] ?? 'unknown'
    },
    async stop() {
      await Promise.all(Object.values(pools).map(pool => pool.stop()))
    },
  }
}

const unhurried: readonly Pace[] = ['background', 'patient']
const usualPace = ({ tool }: Order['job']): Pace => (tool === 'ffmpeg' ? 'normal' : 'quick')
