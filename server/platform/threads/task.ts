import { comesFirst, type Envelope, type Outcome, packFault } from './envelope.ts'

export interface TaskContext<Note> {
  /** Aborted by the caller of `Pool.run`. Clean up, then throw: the caller waits for it. */
  signal: AbortSignal
  note(note: Note): void
}

/** The one export of a worker's module: `export const run = task(async (data, { signal, note }) => ...)`. */
export function task<Data, Result, Note>(work: (data: Data, context: TaskContext<Note>) => Promise<Result>) {
  return async ({ data, port, first }: Envelope<Data>): Promise<Outcome<Result> | null> => {
    if (!comesFirst(first)) return null
    const stopping = new AbortController()
    port.on('message', () => stopping.abort())
    try {
      return { result: await work(data, { signal: stopping.signal, note: note => port.postMessage(note) }) }
    } catch (fault) {
      return { fault: packFault(fault) }
    } finally {
      port.close()
    }
  }
}
