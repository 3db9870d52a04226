/** The only module that knows ffmpeg: probe, run and capture, with limits, off the main thread. */
export { type MediaInput, type MediaOutput, mediaFormats, subtitleFormats } from './command.ts'
export { createFfmpeg, type Ffmpeg, type FfmpegOptions } from './ffmpeg.ts'
export type { MediaFacts, MediaStream } from './media-facts.ts'
export type { Printing, Progress, Supervision, Work } from './orders.ts'
