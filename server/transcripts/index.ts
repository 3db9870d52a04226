/** What is said in a video, as timed words: from its subtitles, or recognised by the best engine that runs here. */
export type { SpeechEngine } from './engine.ts'
export type { SpeechLadderOptions } from './engines/ladder.ts'
export { type Cue, parseCaptions } from './formats/parse-captions.ts'
export { createTranscripts, type Transcripts, type TranscriptsOptions } from './service.ts'
