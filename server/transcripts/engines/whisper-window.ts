import { sampleRate } from '../../media/index.ts'
import type { HeardSegment } from '../engine.ts'
import { segmentsFromText, segmentsFromWords } from '../segments/build-segments.ts'
import { withoutLoops } from './repetition.ts'
import type { WhisperChunk, WhisperModel } from './whisper-model.ts'

interface Hearing {
  language: string | null
  signal: AbortSignal
  /** Of the window, in the video. */
  startSeconds: number
}

/** The model may stop before the sound does. What is left is heard again from there, when it is more than this. */
const restSeconds = 3
const leastProgressSeconds = 1
type HeardChunk = WhisperChunk & { endSeconds: number }

/** Hears one window of at most 30 s, to its end. */
export async function hearWindow(model: WhisperModel, audio: Float32Array, hearing: Hearing): Promise<HeardSegment[]> {
  const lengthSeconds = audio.length / sampleRate
  const segments: HeardSegment[] = []
  let from = 0
  while (lengthSeconds - from > (from === 0 ? 0 : restSeconds)) {
    const heard = await model.hear(audio.subarray(Math.round(from * sampleRate)), hearing)
    const chunks = keepSound(heard, lengthSeconds - from)
    segments.push(...buildSegments(model, chunks, hearing.startSeconds + from))
    const progressSeconds = chunks.at(-1)?.endSeconds ?? 0
    // Nothing said, or going round in circles: what follows would be no better.
    if (progressSeconds < leastProgressSeconds || chunks.length < heard.length) break
    from += progressSeconds
  }
  return segments
}

/** Without repeats, and without what the model hears in the silence that fills its 30 s up. */
function keepSound(heard: readonly WhisperChunk[], lengthSeconds: number): HeardChunk[] {
  return withoutLoops(heard, chunk => chunk.text)
    .filter(({ text, startSeconds }) => text !== '' && startSeconds < lengthSeconds)
    .map(chunk => ({ ...chunk, endSeconds: Math.min(chunk.endSeconds ?? lengthSeconds, lengthSeconds) }))
}

function buildSegments({ tellsWords }: WhisperModel, chunks: readonly HeardChunk[], offset: number): HeardSegment[] {
  const later = chunks.map(({ text, startSeconds, endSeconds }) => {
    return { text, startSeconds: startSeconds + offset, endSeconds: endSeconds + offset }
  })
  if (tellsWords) return segmentsFromWords(later.map(({ text, ...times }) => ({ word: text, ...times })))
  return later.map(chunk => ({ ...chunk, text: unlooped(chunk.text) })).flatMap(segmentsFromText)
}

/** A phrase may hold a loop inside. */
const unlooped = (text: string): string => withoutLoops(text.split(' '), word => word).join(' ')
