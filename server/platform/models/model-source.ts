import { join } from 'node:path'
import { findModel, type ModelFiles, type Precision } from './model-files.ts'

export interface ModelOptions {
  /** `owner/name`: a folder of the models directory and, where downloading is allowed, of the model host. */
  model: string
  modelsDir: string
  allowDownload: boolean
  /** Another host that has the models, in the same layout; null for the library's own. */
  modelsUrl?: string | null
}

/** Which model a thread loads, and where it comes from. */
export interface ModelSource extends Required<ModelOptions> {
  precision: Precision
}

/** In the precision that is there; when the model has yet to be downloaded, in the one that is quickest. */
export async function modelSource(options: ModelOptions, files: ModelFiles): Promise<ModelSource> {
  const { model, modelsDir, allowDownload, modelsUrl = null } = options
  const found = await findModel(join(modelsDir, model), files)
  return { model, modelsDir, allowDownload, modelsUrl, precision: 'precision' in found ? found.precision : 'q8' }
}

const library = '@huggingface/transformers'

/** Whoever wants no models leaves it out, and what runs them: a third of all packages (`npm ci --omit=optional`). */
function isInstalled(): boolean {
  try {
    import.meta.resolve(library)
    return true
  } catch {
    return false
  }
}

/** Whether the model can be had, without loading anything. */
export async function checkModel(
  options: ModelOptions,
  files: ModelFiles,
): Promise<{ available: boolean; reason: string }> {
  const { model, modelsDir, allowDownload } = options
  if (!isInstalled()) return { available: false, reason: `${library} is not installed: it is an optional package.` }
  const found = await findModel(join(modelsDir, model), files)
  if ('precision' in found)
    return { available: true, reason: `${model} (${found.precision}) is in the models directory.` }
  if (allowDownload) return { available: true, reason: `${model} will be downloaded when it is first needed.` }
  const missing = found.missing.join(', ')
  const reason = `${model} is not in the models directory (no ${missing}), and downloading is not allowed (MODELS_DOWNLOAD).`
  return { available: false, reason }
}
