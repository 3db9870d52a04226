/** What was sent: told by its bytes, then by ffprobe; or a clear refusal. */
export { browserPlays, type Playing, pictureIsKnown } from './browser-plays.ts'
export type { Container } from './containers.ts'
export type { Inspection, SubtitleStream } from './inspection.ts'
export { createProbe, type Probe, type ProbeOptions } from './probe.ts'
