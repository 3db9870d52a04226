import type { Log } from '../../platform/log.ts'
import type { Embedder } from '../engine.ts'
import { createOpenAiEmbedder, type OpenAiEmbedderOptions } from './openai.ts'
import { createTransformersEmbedder, type TransformersOptions } from './transformers.ts'

export interface EmbedderRungsOptions {
  /** One rung alone, or `auto` for all; with `none` search stays lexical. */
  embedder: 'auto' | 'transformers' | 'openai' | 'none'
  transformers: Omit<TransformersOptions, 'log'>
  openai: OpenAiEmbedderOptions
}
export interface EmbedderRungs {
  /** Best first. */
  engines: Embedder[]
  stop(): Promise<void>
}

/** The embedders that the configuration lets stand. */
export function createEmbedderRungs(options: EmbedderRungsOptions, log: Log): EmbedderRungs {
  const { embedder, transformers, openai } = options
  const local = createTransformersEmbedder({ ...transformers, log })
  const engines = [local, createOpenAiEmbedder(openai)]
  return {
    engines: embedder === 'auto' ? engines : engines.filter(engine => engine.name === embedder),
    stop: local.stop,
  }
}
