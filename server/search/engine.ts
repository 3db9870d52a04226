import type { Rung } from '../platform/rungs.ts'

export interface EmbedOptions {
  signal: AbortSignal
  /** Some models want to be told what is asked and what may answer. */
  kind: 'query' | 'passage'
}

/** What an embedder failed at, for whoever can wait, or ask for less. */
export class EmbedderFault extends Error {
  /** The same may succeed later. */
  readonly mayPass: boolean
  /** Fewer texts at once may succeed. */
  readonly fewerMayHelp: boolean
  constructor(message: string, options: { mayPass: boolean; fewerMayHelp: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'EmbedderFault'
    this.mayPass = options.mayPass
    this.fewerMayHelp = options.fewerMayHelp
  }
}

/**
 * Turns texts into vectors that lie near each other when the texts mean the same. Rejects with the signal's reason on
 * abort. Whoever indexes waits for what an `EmbedderFault` says may pass; any other fault moves one rung down.
 */
export interface Embedder extends Rung {
  /** The rung and the model's name. Stands beside every vector: only those of one model can be compared. */
  signature: string
  /** Texts that go in one call; more are several calls, between which others may come in. */
  batchSize: number
  /** One vector of length 1 for each text, in order, all of one dimension. */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]>
}
