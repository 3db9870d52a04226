import { join } from 'node:path'
import type { Config } from './config.ts'

/** What the configuration says to the rungs of each engine. */

const models = (config: Config) => ({
  modelsDir: config.MODELS_DIR ?? join(config.DATA_DIR, 'models'),
  allowDownload: config.MODELS_DOWNLOAD,
})
/** Either variable lets the compatible service be asked. */
const service = (config: Config) => ({ apiKey: config.OPENAI_API_KEY, baseUrl: config.OPENAI_BASE_URL })

export const speechOptions = (config: Config) => ({
  language: config.TRANSCRIPT_LANGUAGE,
  speech: {
    transcriber: config.TRANSCRIBER,
    whisper: { model: config.WHISPER_MODEL, ...models(config) },
    openai: { ...service(config), model: config.OPENAI_TRANSCRIBE_MODEL },
  },
})

export const embedderOptions = (config: Config) => ({
  embedders: {
    embedder: config.EMBEDDER,
    transformers: { model: config.EMBEDDING_MODEL, ...models(config) },
    openai: {
      ...service(config),
      model: config.OPENAI_EMBEDDING_MODEL,
      timeoutSeconds: config.EMBEDDING_TIMEOUT_SECONDS,
    },
  },
})

/** A service that was given for embedding or transcribing alone may have no language model at all. */
const isForOtherThings = (config: Config): boolean =>
  config.OPENAI_MODEL === undefined &&
  (config.OPENAI_EMBEDDING_MODEL !== undefined || config.OPENAI_TRANSCRIBE_MODEL !== undefined)

export const answerOptions = (config: Config) => ({
  model: {
    ...service(config),
    model: config.OPENAI_MODEL ?? 'gpt-4o-mini',
    ...(isForOtherThings(config) && { off: 'No model that answers is configured (OPENAI_MODEL).' }),
    prices: { input: config.OPENAI_PRICE_INPUT_PER_MILLION, output: config.OPENAI_PRICE_OUTPUT_PER_MILLION },
  },
  patience: {
    firstMs: config.OPENAI_FIRST_WORD_SECONDS * 1000,
    betweenMs: config.OPENAI_BETWEEN_WORDS_SECONDS * 1000,
    wholeMs: config.OPENAI_ANSWER_SECONDS * 1000,
  },
  answersPerRoom: config.ANSWERS_PER_ROOM,
})
