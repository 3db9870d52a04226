import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OnnxGraph, writeOnnx } from './onnx-writer.ts'

export interface TinyMiniLmOptions {
  /** The real model's folder: its tokenizer and configuration are used as they are. */
  source: string
  /** Where to write; a folder `owner/name` of the models directory. */
  target: string
  /** Another seed is another model. */
  seed?: number
  dimension?: number
}

const vocabularySize = 30522
/** [PAD] to [MASK] and the marks: what says nothing about a sentence. */
const firstLetterToken = 1037

/**
 * Writes an embedding model that gives every token a random direction of its own: real files in the real layout, in
 * which sentences are alike as far as they share tokens.
 */
export async function writeTinyMiniLm(options: TinyMiniLmOptions): Promise<void> {
  const { source, target, seed = 1, dimension = 64 } = options
  await mkdir(join(target, 'onnx'), { recursive: true })
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
    await cp(join(source, name), join(target, name))
  await writeFile(
    join(target, 'onnx/model_quantized.onnx'),
    writeOnnx(embedder(tokenTable(seed, dimension), dimension)),
  )
}

function tokenTable(seed: number, dimension: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: vocabularySize * dimension }, (_, at) => {
    const value = random() * 2 - 1
    return at < firstLetterToken * dimension ? value / 100 : value
  })
}

/** A linear congruential generator (the constants are those of Numerical Recipes), from 0 up to 1. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** The attention mask is what the library pools by; the graph itself does not look at it. */
const embedder = (table: Float32Array, dimension: number): OnnxGraph => ({
  inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map(name => ({
    ...{ name, type: 'int64' as const, shape: ['batch_size', 'length'] },
  })),
  outputs: [{ name: 'last_hidden_state', type: 'float32', shape: ['batch_size', 'length', dimension] }],
  constants: [{ name: 'table', type: 'float32', shape: [vocabularySize, dimension], values: table }],
  nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['last_hidden_state'] }],
})
