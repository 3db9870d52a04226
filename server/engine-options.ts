import { join } from 'node:path'
import type { Config } from './config.ts'

const modelsDirectory = (config: Config) => config.MODELS_DIR ?? join(config.DATA_DIR, 'models')

/** The compatible service, when there is one: either variable puts it on the ladders. */
const service = (config: Config) =>
  config.OPENAI_API_KEY === undefined && config.OPENAI_BASE_URL === undefined ? null : { apiKey: config.OPENAI_API_KEY, baseUrl: config.OPENAI_BASE_URL }
