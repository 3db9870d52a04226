import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { type Embedder, EmbedderFault, type EmbedOptions } from './engine.ts'

/** How an embedder that fails is waited for. */
export interface Patience {
  /** Before the next try, as long as none succeeds; after the last one it is given up. */
  pausesMs: readonly number[]
}
/** With time-outs of two minutes, a quarter of an hour at most for one that is silent. */
export const usualPatience: Patience = { pausesMs: [1_000, 2_000, 5_000, 15_000, 30_000] }

export interface Batches {
  texts: readonly string[]
  signal: AbortSignal
  report(percent: number): void
  /** Awaited after each batch and each fault. */
  meanwhile?(): Promise<void>
}

/** Models read the beginning of a longer text only, and services refuse it. */
const mostCharacters = 2000
/** What an embedder fails at is cut to this part; time-outs are dear, so it is small. */
const smaller = 1 / 4
/** A batch that took such a part of the time in which a larger one failed leaves room for that one. */
const quickPart = 1 / 8
const soonMs = 10_000

export const readable = (text: string): string => text.slice(0, mostCharacters).toWellFormed()

/** The vectors of all texts. Throws the embedder's fault when there is no use in trying on. */
export type EmbedBatches = (batches: Batches) => Promise<Float32Array[]>

/** What is known of one embedder lasts from film to film: what it bears, and whether anybody still waits for it. */
export function createEmbedBatches(engine: Embedder, { pausesMs }: Patience, log: Log): EmbedBatches {
  let size = engine.batchSize
  let failedAfterMs = 0
  let isGivenUp = false

  const grow = (tookMs: number) => {
    if (tookMs < failedAfterMs * quickPart) size = Math.min(engine.batchSize, size / smaller)
  }
  /** Whether it is tried again, and after how long a pause. Null: no use. */
  const pauseAfter = (fault: unknown, failures: number, tookMs: number): number | null => {
    if (!(fault instanceof EmbedderFault)) return null
    const isSmallest = size === 1
    if (fault.fewerMayHelp) {
      size = Math.max(1, Math.floor(size * smaller))
      // What was refused for its size always will be; what failed at once may have had another reason.
      failedAfterMs = fault.mayPass ? Math.max(tookMs, soonMs) : 0
    }
    if (!fault.mayPass) return fault.fewerMayHelp && !isSmallest ? 0 : null
    // The films that come after one that waited in vain try once more each, and wait as long again when that succeeds.
    return (isGivenUp ? pausesMs.slice(0, 1) : pausesMs)[failures] ?? null
  }

  return async ({ texts, signal, report, meanwhile = async () => {} }) => {
    const vectors: Float32Array[] = []
    const options: EmbedOptions = { signal, kind: 'passage' }
    let failures = 0
    while (vectors.length < texts.length) {
      signal.throwIfAborted()
      const startedMs = performance.now()
      try {
        vectors.push(...(await embed(engine, texts.slice(vectors.length, vectors.length + size), options)))
        failures = 0
        isGivenUp = false
        grow(performance.now() - startedMs)
        report((100 * vectors.length) / texts.length)
      } catch (fault) {
        signal.throwIfAborted()
        const waitMs = pauseAfter(fault, failures, performance.now() - startedMs)
        if (waitMs === null) {
          isGivenUp = true
          throw fault
        }
        failures += 1
        log.warn({ engine: engine.signature, reason: messageOf(fault), waitMs, size }, 'an embedder is tried again')
        await meanwhile()
        await pause(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted())
      }
      await meanwhile()
    }
    if (new Set(vectors.map(vector => vector.length)).size > 1)
      throw new Error('vectors of several dimensions came back')
    return vectors
  }
}

async function embed(engine: Embedder, texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]> {
  const got = await engine.embed(texts.map(readable), options)
  if (got.length !== texts.length) throw new Error(`${got.length} vectors came back for ${texts.length} texts`)
  return got
}
