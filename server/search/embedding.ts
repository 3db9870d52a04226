import type { EngineHealth } from '../../shared/index.ts'
import { messageOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { askRungs } from '../platform/rungs.ts'
import { type Batches, createEmbedBatches, type Patience, readable, usualPatience } from './embed-batches.ts'
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

export interface EmbeddedPassages {
  embedded: PassageVectors | null
  /** Why there are none, although an embedder is configured. */
  lost: string | null
}

/** The best embedder that can run, whichever that is. Null from either: no rung holds, and search stays lexical. */
export interface Embedding {
  /** Gives up after `patienceMs`: a search must not wait for a download. */
  embedQuery(text: string, options: { signal: AbortSignal; patienceMs: number }): Promise<QueryVector | null>
  /** All by one model. An embedder that fails is waited for, and asked for less at once. */
  embedPassages(texts: readonly string[], options: Omit<Batches, 'texts'>): Promise<EmbeddedPassages>
  /** With the name of the rung that is asked to embed; none when there is none. */
  health(): Promise<{ health: EngineHealth; named: string | undefined }>
}

export interface EmbeddingOptions {
  engines: readonly Embedder[]
  patience?: Patience | undefined
  log: Log
}

export function createEmbedding({ engines, patience = usualPatience, log }: EmbeddingOptions): Embedding {
  const batches = new Map(engines.map(engine => [engine, createEmbedBatches(engine, patience, log)]))
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

  async function takeFirst<T>({ standing, signal, attempt }: Taking<T>): Promise<{ got: T | null; fault: unknown }> {
    let lastFault: unknown
    for (const engine of standing) {
      try {
        return { got: await attempt(engine), fault: undefined }
      } catch (fault) {
        signal.throwIfAborted()
        lastFault = fault
        log.warn({ engine: engine.signature, reason: messageOf(fault) }, 'an embedder failed; the next rung is taken')
      }
    }
    return { got: null, fault: lastFault }
  }

  return {
    async embedQuery(text, { signal, patienceMs }) {
      const enough = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
      const { available } = await askRungs(engines)
      const attempt = async (engine: Embedder) => {
        const floor = await within(enough, floorOf(engine))
        const [vector] = await engine.embed([readable(text)], { signal: enough, kind: 'query' })
        if (!vector) throw new Error('no vector came back')
        return { signature: engine.signature, dimension: vector.length, vector, floor }
      }
      return (await takeFirst({ standing: available, signal, attempt })).got
    },
    async embedPassages(texts, options) {
      // One that failed a moment ago is waited for: what is not embedded now lacks its vectors for good.
      const { standing } = await askRungs(engines)
      const attempt = async (engine: Embedder) => {
        const vectors = (await batches.get(engine)?.({ texts, ...options })) ?? []
        return { signature: engine.signature, dimension: vectors[0]?.length ?? 0, vectors }
      }
      const { got, fault } = await takeFirst({ standing, signal: options.signal, attempt })
      return { embedded: got, lost: got === null && fault !== undefined ? messageOf(fault) : null }
    },
    async health() {
      const { standing, health } = await askRungs(engines)
      return { health, named: standing[0]?.name }
    },
  }
}

interface Taking<T> {
  /** Best first. */
  standing: readonly Embedder[]
  signal: AbortSignal
  attempt: (engine: Embedder) => Promise<T>
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
