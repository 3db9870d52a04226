import type { Precision } from './model-files.ts'

/** Which model, and where it comes from. */
export interface EmbeddingModelSource {
  /** `owner/name`: a folder of the models directory and, where downloading is allowed, of the model host. */
  model: string
  modelsDir: string
  precision: Precision
  allowDownload: boolean
  /** Null: the library's own. */
  modelsUrl: string | null
}

/** What the embedding thread is told. */
export interface EmbeddingOrder {
  source: EmbeddingModelSource
  texts: readonly string[]
}

/** What it tells while it works. */
export interface EmbeddingNote {
  /** The file that is being downloaded. */
  file: string
  percent: number
}
