import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** Weights by precision, the one that is quickest on a processor first, as transformers.js names them. */
export const precisions = { q8: '_quantized', fp32: '', q4: '_q4', fp16: '_fp16' } as const
export type Precision = keyof typeof precisions

const settings = [
  'config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
]

/** What is there of a Whisper model: the best precision whose weights are complete, or the files that are missing. */
export async function findWhisperFiles(directory: string): Promise<{ precision: Precision } | { missing: string[] }> {
  const missing = await missingOf(directory, settings)
  if (missing.length > 0) return { missing }
  for (const [precision, suffix] of Object.entries(precisions) as [Precision, string][]) {
    const weights = ['encoder_model', 'decoder_model_merged'].map(name => `onnx/${name}${suffix}.onnx`)
    if ((await missingOf(directory, weights)).length === 0) return { precision }
  }
  return { missing: ['onnx/encoder_model.onnx', 'onnx/decoder_model_merged.onnx'] }
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
