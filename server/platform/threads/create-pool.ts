import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { fail } from '../errors.ts'
import { comesFirst, type Envelope, type Outcome, unpackFault } from './envelope.ts'
import type { Pool, PoolOptions, RunOptions } from './pool.ts'

/** A pool of threads that run `file`. No thread starts before the first `run`. */
export function createPool<Data, Result, Note>({
  file,
  maxThreads,
  idleSeconds = 60,
}: PoolOptions): Pool<Data, Result, Note> {
  const threads = new Piscina<Envelope<Data>, Outcome<Result> | null>({
    filename: file.href,
    name: 'run',
    minThreads: 0,
    maxThreads,
    idleTimeout: idleSeconds * 1000,
    // By default an idle thread blocks in Atomics.wait, and its sockets and child processes with it.
    atomics: 'disabled',
  })
  // A thread that dies with nothing to do, of what it did before: whoever comes next gets a new one. Tasks hear of it by
  // their own promise.
  threads.on('error', () => {})
  const stopping = new AbortController()
  const running = new Set<Promise<Result>>()

  async function send(data: Data, { signal, onNote }: RunOptions<Note>): Promise<Result> {
    const aborted = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal
    aborted.throwIfAborted()
    const { port1: ours, port2: theirs } = new MessageChannel()
    const first = new Int32Array(new SharedArrayBuffer(4))
    if (onNote) ours.on('message', onNote)
    const given = threads.run({ data, port: theirs, first }, { transferList: [theirs] })
    try {
      const outcome = await unlessAborted(given, aborted, () => {
        if (comesFirst(first)) return 'gave up'
        ours.postMessage('abort')
        return 'told it'
      })
      if (aborted.aborted || outcome === null) throw aborted.reason
      if ('fault' in outcome) throw unpackFault(outcome.fault)
      return outcome.result
    } finally {
      if (onNote) drain(ours, onNote)
      ours.close()
    }
  }

  return {
    async run(data, options = {}) {
      const run = send(data, options)
      running.add(run)
      return run.finally(() => running.delete(run))
    },
    async stop() {
      stopping.abort(fail('server.stopping'))
      await Promise.allSettled(running)
      await threads.destroy()
    },
  }
}

/** Waits for `given`, also after an abort, unless `tell` says that nobody had begun. */
async function unlessAborted<T>(given: Promise<T>, signal: AbortSignal, tell: () => 'gave up' | 'told it'): Promise<T> {
  const abandoned = Promise.withResolvers<never>()
  const onAbort = () => {
    if (tell() === 'gave up') abandoned.reject(signal.reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([given, abandoned.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** The result takes another road than the notes and may overtake the last of them: hand those over before closing. */
function drain<Note>(port: MessagePort, onNote: (note: Note) => void): void {
  for (let left = receiveMessageOnPort(port); left; left = receiveMessageOnPort(port)) onNote(left.message)
}
