import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** Weights by precision, as transformers.js names them; the one that is quickest on a processor first. */
const precisions = { q8: '_quantized', fp32: '', q4: '_q4', fp16: '_fp16' } as const
export type Precision = keyof typeof precisions

/** What a model is made of, as paths in its folder. */
export interface ModelFiles {
  settings: readonly string[]
  /** Without precision and ending: `onnx/model` stands for `onnx/model_quantized.onnx` and its like. */
  weights: readonly string[]
}

/** The best precision whose weights are complete, or the files that are missing. */
export async function findModel(
  directory: string,
  { settings, weights }: ModelFiles,
): Promise<{ precision: Precision } | { missing: string[] }> {
  const missing = await missingOf(directory, settings)
  if (missing.length > 0) return { missing }
  for (const [precision, suffix] of Object.entries(precisions) as [Precision, string][]) {
    const wanted = weights.map(name => `${name}${suffix}.onnx`)
    if ((await missingOf(directory, wanted)).length === 0) return { precision }
  }
  return { missing: weights.map(name => `${name}${precisions.q8}.onnx`) }
}

async function missingOf(directory: string, names: readonly string[]): Promise<string[]> {
  const there = await Promise.all(names.map(name => isThere(join(directory, name))))
  return names.filter((_, at) => !there[at])
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
