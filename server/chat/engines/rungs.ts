import type { AnswerEngine } from '../engine.ts'
import { createExtractiveEngine } from './extractive.ts'
import { createOpenAiEngine, type ModelOptions } from './openai.ts'
import type { Patience } from './patience.ts'

/** Who can answer, best first. */
export const createAnswerEngines = (model: ModelOptions, patience: Patience): AnswerEngine[] => [
  createOpenAiEngine(model, patience),
  createExtractiveEngine(),
]
