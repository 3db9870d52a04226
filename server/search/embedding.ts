import type { EngineHealth } from '../../shared/index.ts'
import { messageOf } from '../platform/errors.ts'
import { climb } from '../platform/ladder.ts'
import type { Log } from '../platform/log.ts'
import type { Embedder } from './engine.ts'
import { measureFloor } from './floor.ts'

/** Whose vectors they are: only those of one model, with one dimension, can be compared. */
export interface VectorSpace {
  signature: string
  dimension: number
}
export interface QueryVector extends VectorSpace {
  vector: Float32Array
  /** What is less similar is so by chance. */
  floor: number
}
export interface PassageVectors extends VectorSpace {
  vectors: Float32Array[]
}

/** The best embedder that can run, whichever that is. Null from either: no rung holds, and search stays lexical. */
export interface Embedding {
  /** Gives up after `patienceMs`: a search must not wait for a download. */
  embedQuery(text: string, options: { signal: AbortSignal; patienceMs: number }): Promise<QueryVector | null>
  /** All by one model. */
  embedPassages(
    texts: readonly string[],
    options: { signal: AbortSignal; report(percent: number): void },
  ): Promise<PassageVectors | null>
  health(): Promise<EngineHealth>
}

/** Models read the beginning of a longer text only, and services refuse it. */
const mostCharacters = 2000

export function createEmbedding({ engines, log }: { engines: readonly Embedder[]; log: Log }): Embedding {
  const floors = new Map<Embedder, Promise<number>>()

  /** Once for each engine; in a signal of its own, so that it goes on when the first query has lost patience. */
  const floorOf = (engine: Embedder): Promise<number> => {
    const known = floors.get(engine)
    if (known) return known
    const measuring = measureFloor(engine, AbortSignal.timeout(5 * 60_000))
    floors.set(engine, measuring)
    measuring.catch(() => floors.delete(engine))
    return measuring
  }

  async function takeFirst<T>(signal: AbortSignal, attempt: (engine: Embedder) => Promise<T>): Promise<T | null> {
    const { available } = await climb(engines)
    for (const engine of available) {
      try {
        return await attempt(engine)
      } catch (fault) {
        signal.throwIfAborted()
        log.warn({ engine: engine.signature, reason: messageOf(fault) }, 'an embedder failed; the next rung is taken')
      }
    }
    return null
  }

  return {
    embedQuery(text, { signal, patienceMs }) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
      return takeFirst(signal, async engine => {
        const floor = await within(patience, floorOf(engine))
        const [vector] = await embedBatches(engine, [text], { signal: patience, kind: 'query' })
        if (!vector) throw new Error('no vector came back')
        return { signature: engine.signature, dimension: vector.length, vector, floor }
      })
    },
    embedPassages: (texts, { signal, report }) =>
      takeFirst(signal, async engine => {
        const vectors = await embedBatches(engine, texts, { signal, kind: 'passage', report })
        return { signature: engine.signature, dimension: vectors[0]?.length ?? 0, vectors }
      }),
    health: async () => (await climb(engines)).health,
  }
}

interface BatchOptions {
  signal: AbortSignal
  kind: 'query' | 'passage'
  report?(percent: number): void
}

async function embedBatches(
  engine: Embedder,
  texts: readonly string[],
  options: BatchOptions,
): Promise<Float32Array[]> {
  const { report, ...rest } = options
  const vectors: Float32Array[] = []
  while (vectors.length < texts.length) {
    options.signal.throwIfAborted()
    const batch = texts.slice(vectors.length, vectors.length + engine.batchSize)
    const got = await engine.embed(
      batch.map(text => text.slice(0, mostCharacters).toWellFormed()),
      rest,
    )
    if (got.length !== batch.length) throw new Error(`${got.length} vectors came back for ${batch.length} texts`)
    vectors.push(...got)
    report?.((100 * vectors.length) / texts.length)
  }
  if (new Set(vectors.map(vector => vector.length)).size > 1) throw new Error('vectors of several dimensions came back')
  return vectors
}

/** Stops waiting on abort; what was waited for goes on. */
async function within<T>(signal: AbortSignal, given: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([given, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
