/** What is said in a video, as timed words: from its subtitles, or recognised by the best engine that runs here. */
export type { SpeechEngine } from './engine.ts'
export type { SpeechRungsOptions } from './engines/rungs.ts'
export type { Cue } from './formats/cue.ts'
export { parseCaptions } from './formats/parse-captions.ts'
export { createTranscripts, type Transcripts, type TranscriptsOptions } from './service.ts'
