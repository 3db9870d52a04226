/** Models for transformers.js: what is there of one on the disk, and what is told of its loading; and services. */
export { createDownloadReport } from './download-report.ts'
export type { ModelFiles } from './model-files.ts'
export { checkModel, type ModelOptions, type ModelSource, modelSource } from './model-source.ts'
export { type OpenAiAccess, openOpenAi } from './openai-client.ts'
export { createRest, type Rest } from './rest.ts'
