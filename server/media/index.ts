/** Films and sounds as files: what ffmpeg and ffprobe do with them, within limits. Knows no video, only paths. */
export {
  createFfmpeg,
  type Ffmpeg,
  type MediaFacts,
  type MediaOutput,
  type MediaStream,
  subtitleFormats,
} from './ffmpeg/index.ts'
export {
  everyFrame,
  type FramePart,
  keyframesOnly,
  type Printed,
  type Reading,
  readFrames,
} from './read-frames.ts'
