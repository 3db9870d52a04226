/** Films and sounds as files: what ffmpeg and ffprobe do with them, within limits. Knows no video, only paths. */
export { type BurntCaption, burnCaptions, writeAss } from './burn-captions.ts'
export { type Box, cropTo } from './crop-to.ts'
export { cutPicture, jpeg, oneFrame, type PictureOrder, writePicture } from './cut-picture.ts'
export { type CutFilm, copySpan, cutSpan, type Span, type SpanCut } from './cut-span.ts'
export {
  createFfmpeg,
  type Ffmpeg,
  type MediaFacts,
  type MediaOutput,
  type MediaStream,
  type Supervision,
  subtitleFormats,
} from './ffmpeg/index.ts'
export { asFilm, asPicture, fitInto, fitWidth, fitWithin, type Size } from './fit.ts'
export { type JoinedFilm, type JoinedPart, joinedPicture, joinedSeconds, joinedSound, joinFilms } from './join-films.ts'
export {
  everyFrame,
  type FramePart,
  keyframesOnly,
  type Printed,
  type Reading,
  readFrames,
} from './read-frames.ts'
export { keepInUse, soundInTime } from './sound-in-time.ts'
export { isHdr, type ToneMapping, toStandardPicture } from './standard-picture.ts'
export { encodeWav, openWav, sampleRate, type WavFile } from './wav-file.ts'
