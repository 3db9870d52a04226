import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** Weights by precision, as transformers.js names them; the one that is quickest on a processor first. */
const precisions = { q8: '_quantized', fp32: '', q4: '_q4', fp16: '_fp16' } as const
export type Precision = keyof typeof precisions

const settings = ['config.json', 'tokenizer.json', 'tokenizer_config.json']

/** What is there of an embedding model: the best precision that has weights, or the files that are missing. */
export async function findModelFiles(directory: string): Promise<{ precision: Precision } | { missing: string[] }> {
  const there = await Promise.all(settings.map(name => isThere(join(directory, name))))
  const missing = settings.filter((_, at) => !there[at])
  if (missing.length > 0) return { missing }
  for (const [precision, suffix] of Object.entries(precisions) as [Precision, string][]) {
    if (await isThere(join(directory, `onnx/model${suffix}.onnx`))) return { precision }
  }
  return { missing: ['onnx/model_quantized.onnx'] }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
