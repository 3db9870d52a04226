import type { Rung } from '../platform/ladder.ts'

export interface EmbedOptions {
  signal: AbortSignal
  /** Some models want to be told what is asked and what may answer. */
  kind: 'query' | 'passage'
}

/**
 * Turns texts into vectors that lie near each other when the texts mean the same. Rejects with the signal's reason on
 * abort; any other fault moves one rung down.
 */
export interface Embedder extends Rung {
  /** The rung and the model's name. Stands beside every vector: only those of one model can be compared. */
  signature: string
  /** Texts that go in one call; more are several calls, between which others may come in. */
  batchSize: number
  /** One vector of length 1 for each text, in order, all of one dimension. */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]>
}
