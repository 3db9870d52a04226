import type { ModelSource } from '../../platform/models/index.ts'

/** What the embedding thread is told. */
export interface EmbeddingOrder {
  source: ModelSource
  texts: readonly string[]
}

/** What it tells while it works. */
export interface EmbeddingNote {
  /** The file that is being downloaded. */
  file: string
  percent: number
}
